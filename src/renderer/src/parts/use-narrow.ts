/** Whether the window is so narrow that tables do without their least important column. */
import { useSyncExternalStore } from 'react';

const query = window.matchMedia('(width < 1100px)');

function listen(changed: () => void): () => void {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => query.matches);
}
