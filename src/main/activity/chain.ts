/**
 * Walks the hash chain line by line and names the first bad one. Needs no key: bodies stay sealed.
 * Refuses to repair anything and to guess beyond the first problem.
 */
import { decodeChainFields, genesisHash, type Hash, type Sha256 } from './record';

/** A line that is known from elsewhere (the sealed store, or the running log's own memory). */
export interface Anchor {
  readonly seq: number;
  readonly hash: Hash;
}

export interface ChainProblem {
  readonly reason: 'changed' | 'removed' | 'out_of_order' | 'cut_off' | 'torn';
  /** Name of the day file, empty when no file is left. */
  readonly file: string;
  /** Counts from 1; 0 when no line is left. */
  readonly line: number;
  /** A whole sentence. */
  readonly problem: string;
}

interface Mark extends Anchor {
  readonly file: string;
  readonly line: number;
}

const says = (
  reason: ChainProblem['reason'],
  at: Pick<Mark, 'file' | 'line'>,
  problem: string,
): ChainProblem => ({
  reason,
  file: at.file,
  line: at.line,
  problem,
});

const changed = (at: Mark) =>
  says('changed', at, 'This line was changed after it was written: its hash is not the one that was kept.');

const span = (from: number, to: number) =>
  from === to ? `Record ${from} is` : `Records ${from} to ${to} are`;

/**
 * One walk over all lines, oldest first. A line's change shows in the `prev` of the line after it, so a
 * mismatch is judged one line later: when the chain goes on from the second line the first was changed,
 * otherwise the second.
 */
export class ChainWalk {
  #last: Mark | null = null;
  #doubt: { readonly first: Mark; readonly second: Mark } | null = null;
  #gap: { readonly expected: number; readonly at: Mark } | null = null;
  #records = 0;

  constructor(
    readonly sha256: Sha256,
    /** Lines that must be there with exactly this hash; the log may go on behind them. */
    readonly anchors: readonly Anchor[],
  ) {}

  /** The newest record that follows from those before it. */
  get last(): Anchor | null {
    return this.#last;
  }

  get records(): number {
    return this.#records;
  }

  /** The next complete line. The walk is over at the first problem. */
  push(file: string, line: number, bytes: Uint8Array): ChainProblem | null {
    const fields = decodeChainFields(bytes);
    if (this.#gap !== null) return fields?.seq === this.#gap.expected ? this.#moved(this.#gap.at) : null;
    if (this.#doubt !== null) {
      const { first, second } = this.#doubt;
      // A summary is signed: when the two do not fit, it is the line that was changed.
      const isFirst = first.line > 0 && (fields === null || fields.prev === second.hash);
      return changed(isFirst ? first : second);
    }
    if (fields === null) {
      return says(
        'changed',
        { file, line },
        'This line was changed after it was written: it is no readable record.',
      );
    }
    const mark: Mark = { file, line, seq: fields.seq, hash: this.sha256(bytes) };
    const expected = this.#last === null ? 1 : this.#last.seq + 1;
    const follows = fields.prev === (this.#last?.hash ?? genesisHash);
    if (fields.seq !== expected) {
      if (follows) return changed(mark);
      if (fields.seq < expected) return this.#moved(mark);
      this.#gap = { expected, at: mark };
      return null;
    }
    if (!follows) {
      if (this.#last === null) return changed(mark);
      this.#doubt = { first: this.#last, second: mark };
    } else if (this.#strays(mark)) {
      return changed(mark);
    }
    this.#last = mark;
    this.#records += 1;
    return null;
  }

  /** A day that was closed: the chain goes on from its last record. The signature was checked. */
  pushClosed(
    file: string,
    day: {
      readonly firstSeq: number;
      readonly lastSeq: number;
      readonly prev: Hash;
      readonly lastHash: Hash;
    },
  ): ChainProblem | null {
    const at = { file, line: 0, seq: day.lastSeq, hash: day.lastHash };
    if (this.#gap !== null || this.#doubt !== null) return this.#open();
    const expected = (this.#last?.seq ?? 0) + 1;
    if (day.firstSeq < expected) return this.#moved(at);
    if (day.firstSeq > expected)
      return says('removed', at, `${span(expected, day.firstSeq - 1)} missing before this day.`);
    if (day.prev !== (this.#last?.hash ?? genesisHash)) return changed(this.#last ?? at);
    this.#last = at;
    return null;
  }

  /** A file ends without a newline. */
  torn(file: string, line: number): ChainProblem {
    return (
      this.#open() ?? says('torn', { file, line }, 'This line is torn: it ends in the middle of a record.')
    );
  }

  /** All lines were handed in: what is still wrong? */
  end(): ChainProblem | null {
    const open = this.#open();
    if (open !== null) return open;
    const lastSeq = this.#last?.seq ?? 0;
    const newest = Math.max(0, ...this.anchors.map((anchor) => anchor.seq));
    if (newest <= lastSeq) return null;
    return says(
      'cut_off',
      this.#last ?? { file: '', line: 0 },
      `The log was cut off after this line: ${span(lastSeq + 1, newest)} missing at the end.`,
    );
  }

  #open(): ChainProblem | null {
    if (this.#gap !== null) {
      const { expected, at } = this.#gap;
      return says(
        'removed',
        at,
        `${span(expected, at.seq - 1)} missing before this line: removed or cut off.`,
      );
    }
    if (this.#doubt === null) return null;
    const { first, second } = this.#doubt;
    return changed(this.#strays(second) || first.line === 0 ? second : first);
  }

  #moved(at: Mark): ChainProblem {
    return says('out_of_order', at, `This line stands out of order: record ${at.seq} does not belong here.`);
  }

  #strays(mark: Mark): boolean {
    return this.anchors.some((anchor) => anchor.seq === mark.seq && anchor.hash !== mark.hash);
  }
}
