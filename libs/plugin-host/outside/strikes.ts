/** When a plugin that fails again and again is taken out. */
export interface StrikeLimits {
  /** Ends of its process within {@link windowMs}, each of which holds up others for a moment. */
  readonly ends: number;
  readonly windowMs: number;
  /** Calls one after the other of which every line failed. */
  readonly failedCalls: number;
}

export const STRIKE_LIMITS: StrikeLimits = { ends: 3, windowMs: 10 * 60_000, failedCalls: 20 };

/** Milliseconds before the process is started again: longer each time. */
const BACKOFF_MS = [0, 100, 400] as const;

/** Counts how often a plugin failed of late. */
export class Strikes {
  #ends: number[] = [];
  #failedCalls = 0;
  #last = '';

  constructor(private readonly limits: StrikeLimits = STRIKE_LIMITS) {}

  /** The process ended. @param now milliseconds */
  ended(why: string, now: number): void {
    this.#ends = [...this.#ends.filter((at) => now - at < this.limits.windowMs), now];
    this.#last = why;
  }

  answered(allFailed: boolean, why = ''): void {
    this.#failedCalls = allFailed ? this.#failedCalls + 1 : 0;
    if (allFailed) this.#last = why;
  }

  /** Why the plugin is to be taken out; undefined while it is not. */
  get verdict(): string | undefined {
    if (this.#ends.length >= this.limits.ends)
      return `its process ended ${this.#ends.length} times within ${this.limits.windowMs / 60_000} minutes, the last time because ${this.#last}`;
    if (this.#failedCalls >= this.limits.failedCalls)
      return `every line of ${this.#failedCalls} calls in a row failed, the last time with: ${this.#last}`;
    return undefined;
  }

  /** Milliseconds to wait before the next start. */
  get backoffMs(): number {
    return BACKOFF_MS[Math.min(this.#ends.length, BACKOFF_MS.length - 1)] ?? 0;
  }

  clear(): void {
    this.#ends = [];
    this.#failedCalls = 0;
  }
}
