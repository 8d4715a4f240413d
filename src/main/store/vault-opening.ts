/**
 * Finds the document to open: the store file, or its last good copy when the file is gone or garbage.
 * Keeps aside what it cannot read. Refuses to replace a file that is only out of reach or from the future.
 */
import { Fault } from '../../preload/contract/reply';
import { readStoreDocument, type StoreDocument } from './store-document';
import type { DocumentFile } from './vault';

export type FoundDocument =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'document'; readonly document: StoreDocument; readonly recovered?: string }
  | { readonly kind: 'unreadable'; readonly why: string; readonly keptAs: string };

export async function findDocument(file: DocumentFile): Promise<FoundDocument> {
  let text: string | undefined;
  try {
    text = file.read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: 'unreadable', why: error.message, keptAs: fileName(file.path) };
  }
  if (text === undefined) {
    const copy = lastGood(file);
    const recovered = 'The store file was missing. Gatehouse went on with its last good copy.';
    return copy === undefined ? { kind: 'nothing' } : { kind: 'document', document: copy, recovered };
  }
  const reading = readStoreDocument(text);
  if (reading.kind === 'document') return reading;
  if (reading.kind === 'from_future')
    return { kind: 'unreadable', why: reading.why, keptAs: fileName(file.path) };
  const kept = await keep(file, 'unreadable');
  if (kept.kind === 'failed')
    return { kind: 'unreadable', why: `${reading.why} ${kept.why}`, keptAs: fileName(file.path) };
  const copy = lastGood(file);
  if (copy === undefined) {
    return { kind: 'unreadable', why: `${reading.why} There is no good copy of it.`, keptAs: kept.name };
  }
  const recovered = `${reading.why} It was kept as ${kept.name}, and Gatehouse went on with its last good copy.`;
  return { kind: 'document', document: copy, recovered };
}

/** Keeps the present file; a folder that cannot be written is an answer here, the file then stays where it is. */
export async function keep(
  file: DocumentFile,
  reason: string,
): Promise<{ kind: 'kept'; name: string } | { kind: 'failed'; why: string }> {
  try {
    return { kind: 'kept', name: await file.keepAside(reason) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: 'failed', why: error.message };
  }
}

export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function lastGood(file: DocumentFile): StoreDocument | undefined {
  const text = file.readLastGood();
  const reading = text === undefined ? undefined : readStoreDocument(text);
  return reading?.kind === 'document' ? reading.document : undefined;
}
