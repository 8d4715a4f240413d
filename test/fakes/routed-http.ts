/** An HTTP port that answers by address, remembers what was asked, and says 404 to everything else. */
import type { HttpOut, InboundAnswer, OutboundRequest } from '../../src/main/ports';

type Routed = InboundAnswer | Error;

/** @param value Sent as JSON; text as it is. */
export function answering(value: unknown, status = 200, headers: Record<string, string> = {}): InboundAnswer {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { status, headers, text, tookMs: 1 };
}

export class RoutedHttp implements HttpOut {
  readonly sent: OutboundRequest[] = [];
  /** How many were under way at the same time, at the most. */
  together = 0;
  #open = 0;

  constructor(readonly routes: Readonly<Record<string, Routed>>) {}

  async send(request: OutboundRequest): Promise<InboundAnswer> {
    this.sent.push(request);
    this.#open += 1;
    this.together = Math.max(this.together, this.#open);
    await Promise.resolve();
    this.#open -= 1;
    const routed = this.routes[request.url] ?? answering('nothing here', 404);
    if (routed instanceof Error) throw routed;
    return routed;
  }
}
