/** One thing at a time: runs a task, says while it runs, keeps its failure. A second click meanwhile does nothing. */
import { useCallback, useRef, useState } from 'react';
import { sentenceOf } from '../words';

export function useBusy() {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const running = useRef(false);
  const run = useCallback(async (task: () => Promise<unknown>, onFault?: (error: unknown) => void) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem('');
    try {
      await task();
    } catch (error) {
      setProblem(sentenceOf(error));
      onFault?.(error);
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { isBusy, problem, run, setProblem };
}
