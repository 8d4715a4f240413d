/** What every DocumentFile does, the fake and the real ones alike. */
import { expect, test } from 'vitest';
import type { DocumentFile } from '../../src/main/store/vault';

export interface DocumentOnDisk {
  readonly file: DocumentFile;
  /** Puts text where the file is, as somebody else would. */
  plant(text: string): void;
  /** The text of a sibling that was kept. */
  readKept(name: string): string | undefined;
}

export function documentFileContract(make: () => DocumentOnDisk): void {
  test('is empty at first', () => {
    const { file } = make();
    expect(file.read()).toBeUndefined();
    expect(file.readLastGood()).toBeUndefined();
  });

  test('gives back exactly what was written, and keeps a last good copy of it', async () => {
    const { file } = make();
    await file.write('{"é":"1\\n"}');
    await file.write('{"é":"2\\n"}');
    expect(file.read()).toBe('{"é":"2\\n"}');
    expect(file.readLastGood()).toBe('{"é":"2\\n"}');
  });

  test('hands out garbage as it is, keeps it aside once and can then be written over', async () => {
    const { file, plant, readKept } = make();
    await file.write('{"good":true}');
    plant('{"good":tr');
    expect(file.read()).toBe('{"good":tr');
    const kept = await file.keepAside('unreadable');
    expect(await file.keepAside('unreadable')).toBe(kept);
    expect(readKept(kept)).toBe('{"good":tr');
    expect(file.readLastGood()).toBe('{"good":true}');
    await file.write('{"good":2}');
    expect(file.read()).toBe('{"good":2}');
    expect(readKept(kept)).toBe('{"good":tr');
  });

  test('refuses to write over what somebody else wrote', async () => {
    const { file, plant } = make();
    await file.write('{"mine":1}');
    plant('{"theirs":1}');
    await expect(file.write('{"mine":2}')).rejects.toMatchObject({ code: 'store_write_failed' });
    expect(file.read()).toBe('{"theirs":1}');
  });
}
