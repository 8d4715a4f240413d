/** Where the files of the clients are on this computer. Pure: told the folders of the system, touches no disk. */
import { type ClientKind, type ClientPlace, clientKinds, type System } from './client-table';

/** Folders of the person at the desk. */
export interface SystemFolders {
  readonly system: System;
  readonly home: string;
  readonly appData: string;
  readonly localAppData: string;
  readonly config: string;
}

/** One file of one client; the window names it by its id and never by a path. */
export interface ClientFile {
  readonly fileId: string;
  readonly kind: ClientKind;
  readonly label: string;
  readonly path: string;
  readonly folder: string;
}

/** Every file that a client in the table could have here, in the table's order. */
export function clientFiles(folders: SystemFolders): readonly ClientFile[] {
  return clientKinds.flatMap((kind) =>
    kind.places[folders.system].map((place: ClientPlace, index) => ({
      fileId: `${kind.id}-${index}`,
      kind,
      label: place.label,
      path: resolved(place.file, folders),
      folder: resolved(place.folder, folders),
    })),
  );
}

function resolved(template: string, folders: SystemFolders): string {
  const path = template
    .replace('{home}', folders.home)
    .replace('{appData}', folders.appData)
    .replace('{localAppData}', folders.localAppData)
    .replace('{config}', folders.config)
    .replace('{support}', `${folders.home}/Library/Application Support`);
  return folders.system === 'win32' ? path.replaceAll('/', '\\') : path;
}

/** What the environment says of the folders. @see https://specifications.freedesktop.org/basedir-spec/latest/ */
export function systemFolders(
  platform: string,
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): SystemFolders {
  const system = platform === 'win32' || platform === 'darwin' ? platform : 'linux';
  const given = (name: string, otherwise: string) => {
    const value = env[name];
    return value === undefined || value === '' ? otherwise : value;
  };
  const xdg = given('XDG_CONFIG_HOME', '');
  return {
    system,
    home,
    appData: given('APPDATA', `${home}/AppData/Roaming`),
    localAppData: given('LOCALAPPDATA', `${home}/AppData/Local`),
    // A relative path has to be ignored.
    config: xdg.startsWith('/') ? xdg : `${home}/.config`,
  };
}
