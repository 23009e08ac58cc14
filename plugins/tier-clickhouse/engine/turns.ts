import { Pool } from './session-pool.js';

/**
 * Lets only some begin at once, in the order of the requests. A turn ends with its work, or after a time: work that takes
 * longer goes on beside the next one, so that nothing long holds up what is short.
 */
export class Turns {
  readonly #places: Pool<number>;

  /**
   * @param count how many may be had at once
   * @param longestMs after which a turn is over: milliseconds
   */
  constructor(
    count: number,
    private readonly longestMs: number,
  ) {
    this.#places = new Pool(Array.from({ length: count }, (_, place) => place));
  }

  /** Runs `work` when it is its turn; a signal ends the wait for it. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let done: Promise<T> | undefined;
    await this.#places.use(() => {
      done = work();
      return this.#settledOrOver(done);
    }, signal);
    return done as Promise<T>;
  }

  async #settledOrOver(work: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.longestMs);
    });
    await Promise.race([Promise.allSettled([work]), over]);
    clearTimeout(timer);
  }
}
