/**
 * What a client that only starts commands has to start, in front of `--stdio` and the address of the gateway. Gatehouse itself where it can read its
 * input; on Windows a program with windows cannot, and a Node that lies beside it does.
 *
 * @see https://github.com/electron/electron/issues/4218 (read 2026-11-23)
 */
export interface BridgeCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export function bridgeCommand(place: {
  readonly platform: string;
  readonly isPackaged: boolean;
  /** The program that runs now. */
  readonly program: string;
  /** Where the package keeps its resources. */
  readonly resources: string;
  /** The bridge as one file for plain Node, where there is no package. */
  readonly script: string;
}): BridgeCommand {
  if (!place.isPackaged) return { command: 'node', args: [place.script] };
  if (place.platform !== 'win32') return { command: place.program, args: [] };
  const folder = `${place.resources}\\gatehouse-stdio`;
  return { command: `${folder}\\node.exe`, args: [`${folder}\\gatehouse-stdio.mjs`] };
}
