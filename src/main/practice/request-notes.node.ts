/**
 * Writes down what the simulated vendors were asked, one JSON line a request, so that one can look up what a tool really sends.
 * Samples only; header values are not in it. Begins anew at every start.
 */
import { appendFileSync, rmSync } from 'node:fs';
import type { SeenRequest } from './serve-vendor.node';

const maxLines = 20_000;

export function noteRequests(file: string): (seen: SeenRequest) => void {
  rmSync(file, { force: true });
  let lines = 0;
  return (seen) => {
    if (lines >= maxLines) return;
    lines += 1;
    appendFileSync(file, `${JSON.stringify(seen)}\n`, { mode: 0o600 });
  };
}
