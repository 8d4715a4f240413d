/** Verify log: one walk over everything on the disk, as it stood when the walk began. Names the first bad line; repairs nothing. */
import { type Anchor, type ChainProblem, ChainWalk } from './chain';
import { readSummary, type Signatures, summaryName } from './day-summary';
import { LineCutter } from './lines';
import type { ActivityLogParts, LogFile, LogFiles } from './log-ports';

export type VerifyResult =
  | { readonly kind: 'intact'; readonly records: number; readonly files: number; readonly atMs: number }
  | ({ readonly kind: 'broken'; readonly atMs: number } & ChainProblem);

/** Where the log ended when the walk began. */
export interface WalkEnd {
  readonly file: LogFile | null;
  /** Whether a newer file may be one that the log has begun meanwhile. */
  readonly isYounger: (file: LogFile | null) => boolean;
}

/** @param known Lines that must be there with exactly this hash. */
export async function verifyLog(
  { files, sha256, clock, signatures }: Pick<ActivityLogParts, 'files' | 'sha256' | 'clock' | 'signatures'>,
  known: readonly (Anchor | null)[],
  { file, isYounger }: WalkEnd,
): Promise<VerifyResult> {
  const atMs = clock.nowMs();
  const anchors = known.filter((anchor): anchor is Anchor => anchor !== null && anchor.seq > 0);
  const walk = new ChainWalk(sha256, anchors);
  const found = await files.list();
  const unproven = await pushSummaries(files, signatures, walk, found[0]?.name);
  if (unproven !== null) return { kind: 'broken', atMs, ...unproven };
  for (const { name, bytes } of found) {
    // A day that began after we looked is not part of this walk.
    if (name > (file?.name ?? '') && isYounger(file)) continue;
    const problem = await walkFile(files, walk, name, name === file?.name ? file.bytes : bytes);
    if (problem !== null) return { kind: 'broken', atMs, ...problem };
  }
  const problem = walk.end();
  if (problem !== null) return { kind: 'broken', atMs, ...problem };
  return { kind: 'intact', records: walk.records, files: found.length, atMs };
}

/** Days that were closed come before all days that are still there, and each of these counts for itself. */
export async function pushSummaries(
  files: LogFiles,
  signatures: Signatures,
  walk: ChainWalk,
  firstDay: string | undefined,
): Promise<ChainProblem | null> {
  for (const name of await files.summaries()) {
    if (firstDay !== undefined && name >= summaryName(firstDay)) break;
    const read = readSummary(name, await files.readBeside(name), signatures);
    const problem = 'problem' in read ? read.problem : walk.pushClosed(name, read.summary);
    if (problem !== null) return problem;
  }
  return null;
}

async function walkFile(
  files: LogFiles,
  walk: ChainWalk,
  name: string,
  size: number,
): Promise<ChainProblem | null> {
  const cutter = new LineCutter();
  let line = 0;
  for await (const chunk of files.chunks(name, 0, size)) {
    for (const { bytes } of cutter.push(chunk)) {
      line += 1;
      const problem = walk.push(name, line, bytes);
      if (problem !== null) return problem;
    }
  }
  return cutter.rest() === null ? null : walk.torn(name, line + 1);
}
