/** What the use cases need of the disk. */

export interface FileNow {
  readonly text: string;
  /** SHA-256 of the bytes. */
  readonly hash: string;
}

export interface Written {
  /** Of the bytes that were written. */
  readonly hash: string;
  /** The path of the copy from before, with its hash; undefined where there was no file. */
  readonly backup: { readonly path: string; readonly hash: string } | undefined;
}

export interface ClientDisk {
  /** Undefined where there is no such file. @throws Fault `client_file_refused` */
  readonly read: (path: string) => FileNow | undefined;
  readonly hasFolder: (path: string) => boolean;
  /**
   * Replaces the file as a whole, with a copy of what was there beside it.
   *
   * @param seen Hash of the file that was looked at; undefined where there was none.
   * @throws Fault `client_file_changed` when it is not that file any more, `client_file_refused` when it cannot be written.
   */
  readonly replace: (path: string, seen: string | undefined, text: string) => Written;
  /** Puts back what was there, byte for byte, while the file is what was written. @throws as `replace` */
  readonly restore: (path: string, written: Written) => void;
}
