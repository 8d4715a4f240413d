import { describe, expect, it } from 'vitest';
import { type Anchor, type ChainProblem, ChainWalk } from '../../../src/main/activity/chain';
import { encodeRecord, genesisHash, recordOf } from '../../../src/main/activity/record';
import { entry, sha256 } from '../../fakes/activity-disk';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

function chainOf(count: number): { lines: string[]; head: Anchor } {
  const lines: string[] = [];
  let head: Anchor = { seq: 0, hash: genesisHash };
  for (let seq = 1; seq <= count; seq += 1) {
    const place = { seq, atMs: seq * 1000, prev: head.hash, sealedBody: undefined };
    const bytes = encodeRecord(recordOf(entry({ detail: `Record number ${seq}.` }), place));
    lines.push(text(bytes));
    head = { seq, hash: sha256(bytes) };
  }
  return { lines, head };
}

function judge(lines: readonly string[], anchors: readonly Anchor[] = []): ChainProblem | null {
  const walk = new ChainWalk(sha256, anchors);
  for (const [index, line] of lines.entries()) {
    const problem = walk.push('day', index + 1, Buffer.from(line));
    if (problem !== null) return problem;
  }
  return walk.end();
}

describe('the hash chain', () => {
  const { lines, head } = chainOf(8);
  const at = (index: number) => lines[index] ?? '';
  const edited = (index: number, from: string, to: string) => lines.with(index, at(index).replace(from, to));

  it('accepts an untouched log, also one that is ahead of its anchor', () => {
    expect(judge(lines, [head])).toBeNull();
    expect(judge(lines, [{ seq: 5, hash: sha256(Buffer.from(at(4))) }])).toBeNull();
    expect(judge([], [])).toBeNull();
  });

  it('names every line whose detail was changed, the last one by the anchor', () => {
    for (let index = 0; index < 8; index += 1) {
      const problem = judge(edited(index, 'Record', 'record'), [head]);
      expect(problem).toMatchObject({ reason: 'changed', file: 'day', line: index + 1 });
    }
  });

  it('names the line whose link, number or form was changed', () => {
    for (let index = 1; index < 8; index += 1) {
      const link = judge(lines.with(index, at(index).replace(/"prev":"./, '"prev":"f')), [head]);
      const wasSame = /"prev":"f/.test(at(index));
      if (!wasSame) expect(link).toMatchObject({ reason: 'changed', line: index + 1 });
      expect(judge(edited(index, `"seq":${index + 1}`, '"seq":77'), [head])?.line).toBe(index + 1);
      expect(judge(edited(index, '{', '['), [head])).toMatchObject({ reason: 'changed', line: index + 1 });
    }
    expect(judge(lines.with(0, at(0).replace('"prev":"0', '"prev":"1')))).toMatchObject({ line: 1 });
  });

  it('sees a byte that no decoder would show', () => {
    const walk = new ChainWalk(sha256, [head]);
    const bytes = lines.map((line) => Buffer.from(line));
    bytes[3] = Buffer.concat([bytes[3] ?? Buffer.alloc(0), Buffer.from(' ')]);
    const found = bytes
      .map((line, index) => walk.push('day', index + 1, line))
      .find((problem) => problem !== null);
    expect(found).toMatchObject({ reason: 'changed', line: 4 });
  });

  it('names where lines were removed, at the start as well', () => {
    expect(judge(lines.toSpliced(3, 2), [head])).toMatchObject({
      reason: 'removed',
      line: 4,
      problem: expect.stringContaining('Records 4 to 5 are missing'),
    });
    expect(judge(lines.slice(1), [head])).toMatchObject({ reason: 'removed', line: 1 });
  });

  it('names swapped and doubled lines as out of order', () => {
    expect(judge(lines.with(2, at(3)).with(3, at(2)))).toMatchObject({ reason: 'out_of_order', line: 3 });
    expect(judge(lines.toSpliced(4, 0, at(2)))).toMatchObject({ reason: 'out_of_order', line: 5 });
  });

  it('names an end that was cut off against the anchor', () => {
    expect(judge(lines.slice(0, 6), [head])).toMatchObject({
      reason: 'cut_off',
      line: 6,
      problem: expect.stringContaining('Records 7 to 8 are missing'),
    });
    expect(judge([], [head])).toMatchObject({ reason: 'cut_off', line: 0 });
  });
});
