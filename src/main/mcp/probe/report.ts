/**
 * The probe report: every request, what came back and what was concluded, to be read and copied. Keeps no header and no body;
 * values in a query are left out, for there may be a key in them.
 */
import { Fault } from '../../../preload/contract/reply';
import type { HttpOut, InboundAnswer, OutboundRequest } from '../../ports';

export interface ReportLine {
  readonly method: string;
  /** Without the values of its query. */
  readonly url: string;
  /** What it was for, in a few words. */
  readonly purpose: string;
  /** HTTP status; undefined when nothing came back. */
  readonly status: number | undefined;
  /** Milliseconds. */
  readonly tookMs: number;
  /** What was concluded from it. A whole sentence. */
  readonly concluded: string;
}

/** One request with the line that it leaves in the report. */
export interface Asked {
  readonly answer: InboundAnswer;
  /** Said once: the last word stands in the report. */
  conclude(sentence: string): void;
}

export interface Recorder {
  ask(purpose: string, request: OutboundRequest, limits: Parameters<HttpOut['send']>[1]): Promise<Asked>;
  /** In the order in which the requests were made. */
  lines(): readonly ReportLine[];
}

export function createRecorder(http: HttpOut, nowMs: () => number): Recorder {
  const lines: { -readonly [Key in keyof ReportLine]: ReportLine[Key] }[] = [];
  return {
    async ask(purpose, request, limits) {
      const startedMs = nowMs();
      const line: (typeof lines)[number] = {
        method: request.method,
        url: withoutValues(request.url),
        purpose,
        status: undefined,
        tookMs: 0,
        concluded: 'Nothing came back.',
      };
      lines.push(line);
      try {
        const answer = await http.send(request, limits);
        line.status = answer.status;
        line.tookMs = Math.round(answer.tookMs);
        line.concluded = `Status ${answer.status}.`;
        return {
          answer,
          conclude: (sentence) => {
            line.concluded = sentence;
          },
        };
      } catch (error) {
        line.tookMs = Math.max(0, Math.round(nowMs() - startedMs));
        if (error instanceof Fault) line.concluded = error.message;
        throw error;
      }
    },
    lines: () => lines.map((line) => ({ ...line })),
  };
}

/** `https://h/mcp?key=…`: names stay, values go. Text that is no address becomes a dash. */
export function withoutValues(address: string): string {
  if (!URL.canParse(address)) return '–';
  const url = new URL(address);
  const names = [...url.searchParams.keys()];
  const query =
    names.length === 0 ? '' : `?${names.map((name) => `${encodeURIComponent(name)}=…`).join('&')}`;
  return `${url.origin}${url.pathname}${query}`;
}

/** The report as text, for the clipboard. */
export function reportAsText(lines: readonly ReportLine[]): string {
  return lines
    .map(
      ({ method, url, purpose, status, tookMs, concluded }, index) =>
        `${index + 1}. ${method} ${url}\n   ${purpose}: ${status ?? 'no answer'}, ${tookMs} ms. ${concluded}`,
    )
    .join('\n');
}
