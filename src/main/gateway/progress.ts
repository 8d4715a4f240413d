/**
 * The progress that one call tells its agent: our own beats while a technician decides, and afterwards what the server tells. Refuses
 * whatever would not go up, because progress must.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress
 */
type Params = Readonly<Record<string, unknown>>;

export class Progress {
  readonly #token: string | number;
  #last: number | undefined;
  /** What our beats had come to when the server began to tell. */
  #before: number | undefined;

  /** @param token The agent's own. */
  constructor(token: string | number) {
    this.#token = token;
  }

  /** Undefined once the server tells by itself. */
  beat(message: string): Params | undefined {
    if (this.#before !== undefined) return undefined;
    this.#last = (this.#last ?? 0) + 1;
    return { progressToken: this.#token, progress: this.#last, message };
  }

  /** @param told Untrusted, with the token that the server was given. */
  heard(told: Params): Params | undefined {
    const { progress, total } = told;
    // JSON has numbers that become Infinity here.
    if (typeof progress !== 'number' || !Number.isFinite(progress)) return undefined;
    const before = this.#before ?? this.#last ?? 0;
    const now = before + progress;
    if (this.#last !== undefined && now <= this.#last) return undefined;
    this.#before = before;
    this.#last = now;
    return {
      ...told,
      progressToken: this.#token,
      progress: now,
      total: typeof total === 'number' && Number.isFinite(total) ? before + total : undefined,
    };
  }
}
