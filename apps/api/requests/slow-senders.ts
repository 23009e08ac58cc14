/** Milliseconds in which a sender has to send {@link LEAST_BYTES}. */
const WINDOW_MS = 10_000;
/** 1 KiB a second: slower than any line in use, fast enough that a thousand idle senders don't stay. */
const LEAST_BYTES = 10 * 1024;
/** Milliseconds between two looks. */
const LOOK_MS = 1_000;

/** A body that is on its way. */
export class Arrival {
  #bytes = 0;
  #since = performance.now();

  constructor(private readonly onSlow: () => void) {}

  /** Counts bytes that have come. */
  note(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Begins a new window. */
  restart(now: number): void {
    this.#since = now;
    this.#bytes = 0;
  }

  /** Ends the body where its window is over and held too little. */
  look(now: number): void {
    if (now - this.#since < WINDOW_MS) return;
    if (this.#bytes < LEAST_BYTES) this.onSlow();
    else this.restart(now);
  }
}

/** Ends bodies that come slower than 1 KiB a second over 10 seconds. One timer looks at all of them. */
export class SlowSenders {
  readonly #arrivals = new Set<Arrival>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = 0;

  /** @param onSlow is called once at most, and not after {@link forget} */
  watch(onSlow: () => void): Arrival {
    const arrival: Arrival = new Arrival(() => {
      this.forget(arrival);
      onSlow();
    });
    this.#arrivals.add(arrival);
    if (!this.#timer) this.#start();
    return arrival;
  }

  forget(arrival: Arrival): void {
    this.#arrivals.delete(arrival);
  }

  #start(): void {
    this.#lookedAt = performance.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  #look(): void {
    const now = performance.now();
    // After a standstill of this process nobody's bytes have been read: that is not the senders' fault.
    const stoodStill = now - this.#lookedAt > 2 * LOOK_MS;
    this.#lookedAt = now;
    for (const arrival of this.#arrivals) {
      if (stoodStill) arrival.restart(now);
      else arrival.look(now);
    }
    if (this.#arrivals.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
