/** Single-letter keys of a screen. Silent while one types, while a dialog is open, and while a key is held down. */
import { useEffect, useRef } from 'react';

export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select')) return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return;
      latest.current[event.key]?.();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
