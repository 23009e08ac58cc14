/**
 * Lets changes go one after the other in this process: between what one of them reads and what it writes comes none of the
 * others. One that fails takes nobody's turn.
 */
export class ChangeQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work when all before it is done; answers as the work does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
