/**
 * One attempt to connect for each app at a time, and the way to end it. An attempt that was ended saves nothing.
 */
import { Fault } from '../../preload/contract/reply';

export function createAttempts() {
  const running = new Map<string, AbortController>();
  return {
    /** @throws Fault `vendor_busy` while another attempt runs for this app; whatever `work` throws. */
    async run<Value>(appId: string, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
      if (running.has(appId)) {
        throw new Fault(
          'vendor_busy',
          'A test of this app is still running. Wait for it, or cancel it first.',
          {
            retryable: true,
          },
        );
      }
      const controller = new AbortController();
      running.set(appId, controller);
      try {
        return await work(controller.signal);
      } finally {
        running.delete(appId);
      }
    },

    cancel(appId: string): void {
      running.get(appId)?.abort();
    },
  };
}

/** Asked right before something is saved. @throws Fault `cancelled` */
export function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Fault('cancelled', 'Cancelled. Nothing was saved.', { retryable: true });
}
