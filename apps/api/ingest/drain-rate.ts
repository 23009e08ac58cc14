/** Milliseconds between two looks. */
const STEP_MS = 1_000;
/** Share of the newest look in the rate. */
const WEIGHT = 0.5;
/** Seconds. */
const SHORTEST = 1;
const LONGEST = 60;
const UNKNOWN = 5;

/** Learns how fast the backlog shrinks, to tell refused clients when to come again. */
export class DrainRate {
  #drained = 0;
  #lookedAt: number | undefined;
  #bytesPerSecond: number | undefined;

  constructor(private readonly now: () => number) {}

  /** @param drained bytes that were accepted and have been stored since the start */
  note(drained: number): void {
    const now = this.now();
    if (this.#lookedAt === undefined) return this.#look(now, drained);
    const elapsed = now - this.#lookedAt;
    if (elapsed < STEP_MS) return;
    const rate = (Math.max(0, drained - this.#drained) / elapsed) * 1_000;
    this.#bytesPerSecond = this.#bytesPerSecond === undefined ? rate : blend(this.#bytesPerSecond, rate);
    this.#look(now, drained);
  }

  /** Seconds until about this many bytes are stored, 1 to 60. */
  secondsFor(bytes: number): number {
    if (this.#bytesPerSecond === undefined) return UNKNOWN;
    if (this.#bytesPerSecond < 1) return LONGEST;
    return Math.min(LONGEST, Math.max(SHORTEST, Math.ceil(bytes / this.#bytesPerSecond)));
  }

  #look(now: number, drained: number): void {
    this.#lookedAt = now;
    this.#drained = drained;
  }
}

function blend(old: number, newest: number): number {
  return old * (1 - WEIGHT) + newest * WEIGHT;
}
