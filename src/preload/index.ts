/**
 * The bridge: one function per call name and one way to hear feeds, frozen, as `window.gatehouse`.
 * Holds names only; it neither judges nor keeps anything, and hands out no channel of its own.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { callChannel, callNames, type FeedName, feedChannel, feedNames } from './contract/names';

type Call = (input: unknown) => Promise<unknown>;

const call: Record<string, Record<string, Call>> = {};
for (const name of callNames) {
  const [subject = '', verb = ''] = name.split('.');
  call[subject] = { ...call[subject], [verb]: (input) => ipcRenderer.invoke(callChannel, name, input) };
}
for (const verbs of Object.values(call)) Object.freeze(verbs);

const listeners = new Map<string, Set<(value: unknown) => void>>(feedNames.map((name) => [name, new Set()]));
ipcRenderer.on(feedChannel, (_event, name: string, value: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(value);
});

function on(feed: FeedName, listener: (value: unknown) => void): () => void {
  const heard = listeners.get(feed);
  if (!heard || typeof listener !== 'function') throw new TypeError('There is no such feed.');
  // A wrapper of its own, so that the same listener may subscribe twice and leave once.
  const hear = (value: unknown) => listener(value);
  heard.add(hear);
  return () => {
    heard.delete(hear);
  };
}

contextBridge.exposeInMainWorld('gatehouse', Object.freeze({ call: Object.freeze(call), on }));
