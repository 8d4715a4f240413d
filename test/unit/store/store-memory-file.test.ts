import { describe } from 'vitest';
import { documentFileContract } from '../../fakes/store-document-contract';
import { MemoryFile } from '../../fakes/store-memory-file';

describe('the store document in memory', () => {
  documentFileContract(() => {
    const file = new MemoryFile();
    return {
      file,
      plant: (text) => {
        file.text = text;
      },
      readKept: (name) => file.kept.get(name),
    };
  });
});
