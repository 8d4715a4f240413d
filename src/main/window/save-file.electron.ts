/** Asks where to save a file, by the system's own dialog. Writes nothing. */
import { type BrowserWindow, dialog } from 'electron';

export interface FileToSave {
  readonly name: string;
  readonly extension: 'csv' | 'jsonl';
}

const kinds = { csv: 'CSV', jsonl: 'JSON Lines' } as const;

/** Undefined when the person closed the dialog. */
export async function chooseSaveFile(
  parent: BrowserWindow | undefined,
  { name, extension }: FileToSave,
): Promise<string | undefined> {
  const options = {
    title: 'Export activity',
    defaultPath: name,
    filters: [{ name: kinds[extension], extensions: [extension] }],
    properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const],
  };
  const { canceled, filePath } =
    parent === undefined
      ? await dialog.showSaveDialog(options)
      : await dialog.showSaveDialog(parent, options);
  return canceled || filePath === '' ? undefined : filePath;
}
