/** Lets a fixed number of holders in at once, in the order they came. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Counts bytes that are held, and lets callers wait until there is room. */
export class Room {
  #held = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly limit: () => number) {}

  get held(): number {
    return this.#held;
  }

  /** Takes the bytes at once; resolves when the sum is within the limit again. */
  take(bytes: number): Promise<void> | void {
    this.#held += bytes;
    if (this.#held > this.limit()) return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(bytes: number): void {
    this.#held -= bytes;
    if (this.#held <= this.limit()) for (const resume of this.#waiting.splice(0)) resume();
  }
}
