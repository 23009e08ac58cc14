/** Hands out a fixed number of things, in the order of the requests. */
export class Pool<T> {
  readonly #free: T[];
  readonly #waiting: ((item: T) => void)[] = [];

  constructor(readonly items: readonly T[]) {
    this.#free = [...items];
  }

  /** Runs `work` with one of the items, when one is free. */
  async use<R>(work: (item: T) => Promise<R>, signal?: AbortSignal): Promise<R> {
    const item = this.#free.pop() ?? (await this.#wait(signal));
    try {
      return await work(item);
    } finally {
      this.#release(item);
    }
  }

  /** Takes every item for good: resolves when none is in use any more. */
  async drain(): Promise<void> {
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
