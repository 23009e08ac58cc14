/** What the pace of a run is measured by, and how it waits. */
export interface Timer {
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  /** Resolves after this many milliseconds, or at once when the signal aborts; never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Pace {
  /** Events a second; undefined is as fast as can be. */
  readonly rate: number | undefined;
  /** Milliseconds after which no more is given. */
  readonly durationMs?: number | undefined;
  /** Events after which no more is given. */
  readonly events?: number | undefined;
}

/** How late a run may be and still catch up: milliseconds. */
const MAX_LATE_MS = 1_000;

/**
 * Says when how many events are due. The nth is due n / rate after the start, so that nothing drifts. A run that is held
 * up catches up with a second's worth at most; what lies further back is skipped and counted.
 */
export class TokenClock {
  readonly #startMs: number;
  /** When event 0 would have been due, moved on by what was skipped. */
  #baseMs: number;
  #given = 0;
  #skipped = 0;

  constructor(
    private readonly pace: Pace,
    private readonly timer: Timer,
  ) {
    this.#startMs = timer.now();
    this.#baseMs = this.#startMs;
  }

  /** Events that were never due for lack of time. */
  get skipped(): number {
    return Math.round(this.#skipped);
  }

  /** Waits until up to `count` events are due, and gives them: fewer near the end, 0 at the end or when stopped. */
  async take(count: number, signal: AbortSignal): Promise<number> {
    const { rate } = this.pace;
    const dueMs = rate === undefined ? this.timer.now() : this.#catchUp(rate);
    const granted = Math.min(count, this.#left(dueMs));
    if (granted <= 0 || signal.aborted) return 0;
    this.#given += granted;
    const waitMs = dueMs - this.timer.now();
    if (rate !== undefined && waitMs > 0) await this.timer.sleep(waitMs, signal);
    return signal.aborted ? 0 : granted;
  }

  /** When the next event is due. */
  #catchUp(rate: number): number {
    const dueMs = this.#baseMs + (this.#given * 1_000) / rate;
    const overMs = this.timer.now() - dueMs - MAX_LATE_MS;
    if (overMs <= 0) return dueMs;
    this.#baseMs += overMs;
    this.#skipped += (Math.max(0, Math.min(dueMs + overMs, this.#endMs) - dueMs) * rate) / 1_000;
    return dueMs + overMs;
  }

  get #endMs(): number {
    return this.#startMs + (this.pace.durationMs ?? Infinity);
  }

  /** Events that may still be given, when the next one is due at `dueMs`. */
  #left(dueMs: number): number {
    const { events = Infinity, rate } = this.pace;
    const leftMs = this.#endMs - dueMs;
    if (leftMs <= 0) return 0;
    // The margin keeps a rounding error from being an event of its own.
    const due = rate === undefined ? Infinity : Math.ceil((leftMs * rate) / 1_000 - 1e-6);
    return Math.min(events - this.#given, due);
  }
}
