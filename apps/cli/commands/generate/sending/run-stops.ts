import type { Stops } from './event-sender.js';

/** Milliseconds that requests under way have when a run is stopped. */
const GRACE_MS = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Stops a run in order at the first signal: what is under way is waited for. At the second, or when that takes long, at once. */
export class RunStops implements Stops {
  readonly #soft = new AbortController();
  readonly #hard = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly signals: NodeJS.EventEmitter = process) {
    for (const signal of SIGNALS) signals.on(signal, this.#onSignal);
  }

  get soft(): AbortSignal {
    return this.#soft.signal;
  }

  get hard(): AbortSignal {
    return this.#hard.signal;
  }

  /** Begins nothing more. Idempotent. */
  stop(): void {
    if (this.#soft.signal.aborted) return;
    this.#soft.abort();
    this.#timer = setTimeout(() => this.#hard.abort(), GRACE_MS);
  }

  /** Listens no longer. */
  release(): void {
    clearTimeout(this.#timer);
    for (const signal of SIGNALS) this.signals.off(signal, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    if (this.#soft.signal.aborted) this.#hard.abort();
    this.stop();
  };
}
