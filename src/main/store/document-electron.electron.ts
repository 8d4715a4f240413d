/**
 * electron-store as the writer of the store file, for the desktop. The same file as conf's.
 * Refuses its own repair (`clearInvalidConfig`) and its encryption, which its authors call obfuscation.
 */
import ElectronStore from 'electron-store';
import type { OpenTextStore, StoredText } from './document-folder.node';

export const openElectronStore: OpenTextStore = ({ folder, name, fileMode, serialize, deserialize }) =>
  new ElectronStore<StoredText>({
    cwd: folder,
    name,
    configFileMode: fileMode,
    clearInvalidConfig: false,
    accessPropertiesByDotNotation: false,
    serialize,
    deserialize,
  });
