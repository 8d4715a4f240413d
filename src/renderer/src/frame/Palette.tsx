/** Ctrl/Cmd+K: type where to go, Enter goes there. */
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useFacts } from '../stores/facts';
import { go } from '../stores/view';
import { type PaletteEntry, paletteEntries, searchEntries } from './palette-entries';

export function Palette() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      // Another dialog asks for an answer first.
      if (document.querySelector('[role="dialog"], [role="alertdialog"]') === null) setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return isOpen ? <Open onClose={() => setOpen(false)} /> : null;
}

function Open({ onClose }: { readonly onClose: () => void }) {
  const apps = useFacts((facts) => facts.apps);
  const connections = useFacts((facts) => facts.connections);
  const serverTools = useFacts((facts) => facts.serverTools);
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const search = useMemo(
    () => searchEntries(paletteEntries(apps ?? [], connections ?? [], serverTools)),
    [apps, connections, serverTools],
  );
  const found = useMemo(() => search(text), [search, text]);
  const choose = (entry: PaletteEntry) => {
    onClose();
    go(entry.route);
  };
  return (
    <Dialog.Root open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 bg-black/50" />
        <Dialog.Popup
          aria-label="Command palette"
          initialFocus={input}
          className="comes fixed top-[12vh] left-1/2 flex max-h-[70vh] w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-dialog border border-line bg-card"
        >
          <Autocomplete.Root
            open
            inline
            autoHighlight="always"
            keepHighlight
            items={found}
            filter={null}
            itemToStringValue={(entry: PaletteEntry) => entry.title}
            value={text}
            onValueChange={(value, { reason }) => {
              // Choosing an entry would write its title into the field.
              if (reason !== 'item-press') setText(value);
            }}
          >
            <div className="flex shrink-0 items-center gap-2 border-b border-line px-3">
              <Search size={15} aria-hidden="true" className="text-soft" />
              <Autocomplete.Input
                ref={input}
                aria-label="Go to"
                placeholder="Go to a screen, a connection, an app or a tool"
                maxLength={200}
                className="h-11 w-full bg-transparent outline-none"
              />
            </div>
            <Autocomplete.Empty className="empty:hidden">
              <p className="px-4 py-6 text-center text-soft">Nothing matches.</p>
            </Autocomplete.Empty>
            <Autocomplete.List className="min-h-0 overflow-auto p-1.5 empty:hidden">
              {(entry: PaletteEntry) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  onClick={() => choose(entry)}
                  className="flex h-8 cursor-default items-center gap-3 rounded-control px-2.5 data-[highlighted]:bg-accent-tint"
                >
                  <span className="min-w-0 flex-1 truncate">{entry.title}</span>
                  <span className="max-w-[45%] truncate text-small text-soft">{entry.place}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
