/**
 * Closes one old day: walked, counted, summarised, signed, written down, and only then deleted. Refuses a day that does not
 * verify, or whose last record the next day does not confirm: it stays as it is.
 */
import type { ChainProblem, ChainWalk } from './chain';
import { DayCounts, type DaySummary, type Signatures, signSummary, summaryName } from './day-summary';
import { LineCutter } from './lines';
import type { ActivityLogParts, LogFile } from './log-ports';
import { decodeChainFields, decodeRecord, genesisHash } from './record';

type Needs = Pick<ActivityLogParts, 'files' | 'sha256' | 'clock'> & { readonly signatures: Signatures };

/** The summary, which is on the disk by then; or why the day is kept. */
export async function summariseDay(
  needs: Needs,
  walk: ChainWalk,
  day: LogFile,
  next: LogFile,
  rule: string,
): Promise<{ readonly summary: DaySummary } | { readonly problem: ChainProblem }> {
  const { files, signatures } = needs;
  const before = walk.last;
  const counts = new DayCounts();
  const cutter = new LineCutter();
  let records = 0;
  for await (const chunk of files.chunks(day.name, 0, day.bytes)) {
    for (const { bytes } of cutter.push(chunk)) {
      records += 1;
      const problem = walk.push(day.name, records, bytes);
      if (problem !== null) return { problem };
      const record = decodeRecord(bytes);
      if (record !== null) counts.add(record);
    }
  }
  const torn = cutter.rest() === null ? null : walk.torn(day.name, records + 1);
  const { last } = walk;
  // A changed last line shows only in the line after it.
  const isConfirmed = last !== null && (await prevOfFirst(needs, next)) === last.hash;
  const problem = torn ?? walk.end() ?? (isConfirmed ? null : unconfirmed(day, records));
  if (problem !== null || last === null) return { problem: problem ?? unconfirmed(day, records) };
  const summary: DaySummary = {
    format: 'gatehouse-activity-summary',
    version: 1,
    file: day.name,
    bytes: day.bytes,
    sha256: await files.digest(day.name, day.bytes),
    records,
    firstSeq: (before?.seq ?? 0) + 1,
    lastSeq: last.seq,
    prev: before?.hash ?? genesisHash,
    lastHash: last.hash,
    counts: counts.counts,
    closedAtMs: needs.clock.nowMs(),
    rule,
  };
  await files.writeBeside(summaryName(day.name), await signSummary(summary, signatures));
  return { summary };
}

async function prevOfFirst({ files }: Needs, file: LogFile): Promise<string | undefined> {
  const cutter = new LineCutter();
  for await (const chunk of files.chunks(file.name, 0, file.bytes)) {
    const [first] = cutter.push(chunk);
    if (first !== undefined) return decodeChainFields(first.bytes)?.prev;
  }
  return undefined;
}

const unconfirmed = (day: LogFile, line: number): ChainProblem => ({
  reason: 'changed',
  file: day.name,
  line,
  problem: 'The day after does not go on from this line: one of the two was changed.',
});
