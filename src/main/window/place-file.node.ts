/**
 * Keeps the window's place in a small file. A file that is missing or spoilt is no error: the next close replaces it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Log } from '../ports';
import { parsePlace, type WindowPlace } from './window-bounds';

export interface PlaceKeeper {
  read(): WindowPlace | undefined;
  write(place: WindowPlace): void;
}

/** @param file Absolute path of `window.json`. */
export function placeFile(file: string, log: Log): PlaceKeeper {
  return {
    read: () => {
      try {
        const place = parsePlace(readFileSync(file, 'utf8'));
        if (!place) log.note('the remembered place of the window is unreadable and ignored');
        return place;
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isMissing) log.failure('the remembered place of the window cannot be read', error);
        return undefined;
      }
    },
    write: (place) => {
      try {
        writeFileSync(`${file}.new`, JSON.stringify(place));
        renameSync(`${file}.new`, file);
      } catch (error) {
        log.failure('the place of the window cannot be kept', error);
      }
    },
  };
}
