/** Definitions of custom servers as files of their own: they are large, no secret, and held to the hashes in the policies. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../ports';
import { replaceFile } from '../store/document-folder.node';
import { storeIdSchema } from '../store/state-record';
import { type DefinitionFiles, definitionFileSchema } from './definitions';

export function definitionFiles(folder: string, log: Log): DefinitionFiles {
  const place = (connectionId: string) => join(folder, `${storeIdSchema.parse(connectionId)}.json`);
  return {
    read(connectionId) {
      try {
        return definitionFileSchema.parse(JSON.parse(readFileSync(place(connectionId), 'utf8')));
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isMissing) log.failure('definitions cannot be read', error);
        return undefined;
      }
    },
    async write(connectionId, file) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      replaceFile(place(connectionId), JSON.stringify(file));
    },
    async remove(connectionId) {
      rmSync(place(connectionId), { force: true });
    },
    list() {
      if (!existsSync(folder)) return [];
      return readdirSync(folder).flatMap((name) => /^(con_[a-z0-9]+)\.json$/.exec(name)?.[1] ?? []);
    },
  };
}
