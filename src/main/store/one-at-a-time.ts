/**
 * Runs pieces of work one after the other, in the order in which they were asked for.
 * Refuses nothing: a failure belongs to whoever asked, and the next piece runs all the same.
 */
export class OneAtATime {
  #end: Promise<void> = Promise.resolve();

  run<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#end.then(work);
    this.#end = result.then(ignoreOutcome, ignoreOutcome);
    return result;
  }
}

/** The outcome is with the caller, who holds the same promise; the line only needs its end. */
function ignoreOutcome(): void {}
