/** The clock of this computer, as the port that the logic takes. */
import type { Clock } from './ports';

export const clock: Clock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
