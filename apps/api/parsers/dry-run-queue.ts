import { Problem } from '../problems/problem.js';

/** Dry runs that may wait for the one at work. */
const MAX_WAITING = 16;

/** Runs one dry run after the other. */
export class DryRunQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @throws Problem `too_many_dry_runs` where too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING)
      throw new Problem('too_many_dry_runs', `${MAX_WAITING} dry runs wait already.`, { retryAfter: 1 });
    this.#waiting += 1;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}
