/**
 * One attempt at a time for each app (test, connect) and each connection (check, reconnect), and the way to end it. An attempt that was ended saves nothing.
 */
import { Fault } from '../../preload/contract/reply';

export function createAttempts() {
  const running = new Map<string, AbortController>();
  return {
    /** @throws Fault `vendor_busy` while another attempt of this name runs; whatever `work` throws. */
    async run<Value>(name: string, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
      if (running.has(name)) {
        throw new Fault('vendor_busy', 'A test is still running here. Wait for it, or cancel it first.', {
          retryable: true,
        });
      }
      const controller = new AbortController();
      running.set(name, controller);
      try {
        return await work(controller.signal);
      } finally {
        running.delete(name);
      }
    },

    cancel(name: string): void {
      running.get(name)?.abort();
    },
  };
}

/** Asked right before something is saved. @throws Fault `cancelled` */
export function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Fault('cancelled', 'Cancelled. Nothing was saved.', { retryable: true });
}
