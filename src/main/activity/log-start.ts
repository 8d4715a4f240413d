/**
 * How the log starts: where the chain stands, what a crash tore, whether the end is still the one that the
 * store remembers. Refuses to read more than the end of the newest file.
 */
import { Fault } from '../../preload/contract/reply';
import type { Anchor } from './chain';
import { readSummary, type Signatures } from './day-summary';
import { joined } from './lines';
import type { ActivityLogParts, LogFile, LogFiles } from './log-ports';
import { genesisHash, type Hash, type Sha256 } from './record';
import { judgeTail } from './tail';

const tailBytes = 4 * 1024 * 1024;

export interface LogStart {
  /** The newest line; `seq` 0 when there is none. */
  readonly head: Anchor;
  readonly files: readonly LogFile[];
  /** Sentences for the log itself. */
  readonly findings: readonly string[];
  /** Whether the anchor is proven, disproven, or lies further back. */
  readonly anchor: 'good' | 'bad' | 'further_back';
}

/** @throws Fault `activity_unreadable`, and what moving a torn line throws. */
export async function startLog({
  files,
  anchor,
  sha256,
  signatures,
}: Pick<ActivityLogParts, 'files' | 'anchor' | 'sha256' | 'signatures'>): Promise<LogStart> {
  const found = await files.list();
  const findings: string[] = [];
  const written = await findHead(files, found, findings, sha256);
  const closed = await lastClosed(files, signatures);
  // A day is closed only when a newer one is there: what the summary ends with is the least.
  const head = closed !== null && closed.seq > written.seq ? closed : written;
  if (anchor === null) return { head, files: found, findings, anchor: 'good' };
  if (head.seq < anchor.seq) {
    findings.push(`The log was cut off: it ended at record ${head.seq}, but ${anchor.seq} had been written.`);
    // Going on behind the remembered line leaves a gap that Verify log will always name.
    return { head: anchor, files: found, findings, anchor: 'good' };
  }
  if (head.seq > anchor.seq) return { head, files: found, findings, anchor: 'further_back' };
  return { head, files: found, findings, anchor: head.hash === anchor.hash ? 'good' : 'bad' };
}

async function lastClosed(files: LogFiles, signatures: Signatures): Promise<Anchor | null> {
  const name = (await files.summaries()).at(-1);
  if (name === undefined) return null;
  const read = readSummary(name, await files.readBeside(name), signatures);
  return 'problem' in read ? null : { seq: read.summary.lastSeq, hash: read.summary.lastHash };
}

/** Reads backwards until a numbered line is found; heals what is torn at the ends it passes. */
async function findHead(
  files: LogFiles,
  found: LogFile[],
  findings: string[],
  sha256: Sha256,
): Promise<Anchor> {
  let newest: Hash | null = null;
  let behind = 0;
  for (let index = found.length - 1; index >= 0; index -= 1) {
    const file = found[index];
    if (file === undefined || file.bytes === 0) continue;
    const from = Math.max(0, file.bytes - tailBytes);
    const bytes = await readAll(files, file.name, from, file.bytes);
    const tail = judgeTail(bytes, from === 0, sha256);
    const tornBytes = bytes.length - tail.wholeBytes;
    if (tornBytes > 0 && newest === null) {
      await files.moveTorn(file.name, from + tail.wholeBytes);
      found[index] = { name: file.name, bytes: from + tail.wholeBytes };
      findings.push(
        `A torn line of ${tornBytes} bytes at the end of ${file.name} was moved to ${file.name}.torn.`,
      );
    }
    newest ??= tail.newest;
    behind += tail.behind;
    if (tail.seq !== null) return { seq: tail.seq + behind, hash: newest ?? genesisHash };
    if (from > 0) throw unreadable(file.name);
  }
  return { seq: behind, hash: newest ?? genesisHash };
}

export async function readAll(files: LogFiles, name: string, from: number, to: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of files.chunks(name, from, to)) parts.push(chunk);
  return joined(parts);
}

const unreadable = (file: string) =>
  new Fault(
    'activity_unreadable',
    `No line at the end of ${file} in the activity folder can be read. Put the file aside or restore it, then start again.`,
  );
