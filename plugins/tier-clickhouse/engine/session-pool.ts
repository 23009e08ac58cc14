import { TierError } from '#plugin-kit';

/** Hands out a fixed number of things, in the order of the requests. */
export class Pool<T> {
  readonly #free: T[];
  readonly #waiting: ((item: T) => void)[] = [];
  #drained = false;

  constructor(readonly items: readonly T[]) {
    this.#free = [...items];
  }

  /**
   * Runs `work` with one of the items, when one is free.
   *
   * @throws TierError `unavailable` once the pool is drained: nobody would ever give an item back.
   */
  async use<R>(work: (item: T) => Promise<R>, signal?: AbortSignal): Promise<R> {
    if (this.#drained) throw new TierError('unavailable', 'The search engine is stopped.');
    const item = this.#free.pop() ?? (await this.#wait(signal));
    try {
      return await work(item);
    } finally {
      this.#release(item);
    }
  }

  /** Takes every item for good, after those who wait already: resolves when none is in use any more. */
  async drain(): Promise<void> {
    this.#drained = true;
    await Promise.all(this.items.map(async () => this.#free.pop() ?? (await this.#wait())));
  }

  #wait(signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const take = (item: T): void => {
        signal?.removeEventListener('abort', leave);
        resolve(item);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(take);
    });
  }

  #release(item: T): void {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#free.push(item);
  }
}
