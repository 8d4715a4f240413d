/**
 * Turns a burst into few runs: the first at once, what follows within the pause as one run at its end.
 * Refuses to forget the last one: whoever asked last sees a run that began after.
 */
import type { Clock } from '../ports';

const burstMs = 100;

/** `run` must not throw; it takes its facts when it runs, so that a late run is never stale. */
export function coalesce(clock: Pick<Clock, 'after'>, run: () => void): () => void {
  let isResting = false;
  let isWanted = false;
  const rest = (): void => {
    isResting = true;
    clock.after(burstMs, () => {
      isResting = false;
      if (!isWanted) return;
      isWanted = false;
      rest();
      run();
    });
  };
  return () => {
    if (isResting) {
      isWanted = true;
      return;
    }
    rest();
    run();
  };
}
