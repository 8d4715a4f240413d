/**
 * conf as the writer of the store file, for the process without windows. The same file as electron-store's.
 * Refuses conf's own repair (`clearInvalidConfig`) and its encryption, which its authors call obfuscation.
 */
import Conf from 'conf';
import type { OpenTextStore, StoredText } from './document-folder.node';

export const openConf: OpenTextStore = ({ folder, name, fileMode, serialize, deserialize }) =>
  new Conf<StoredText>({
    cwd: folder,
    configName: name,
    configFileMode: fileMode,
    clearInvalidConfig: false,
    accessPropertiesByDotNotation: false,
    serialize,
    deserialize,
  });
