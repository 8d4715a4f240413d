/** An HTTP port that answers from a list and remembers what was sent. The last entry repeats. */
import type { HttpOut, InboundAnswer, OutboundRequest } from '../../src/main/ports';

export type Step =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string }
  | Error;

export class ScriptedHttp implements HttpOut {
  readonly sent: OutboundRequest[] = [];
  readonly #steps: readonly Step[];

  constructor(...steps: Step[]) {
    this.#steps = steps;
  }

  async send(request: OutboundRequest): Promise<InboundAnswer> {
    const step = this.#steps[Math.min(this.sent.length, this.#steps.length - 1)];
    this.sent.push(request);
    if (step === undefined) throw new Error('The script is empty.');
    if (step instanceof Error) throw step;
    return { status: step.status, headers: step.headers ?? {}, text: step.text ?? '', tookMs: 1 };
  }
}
