export interface TrendOptions {
  /** Milliseconds that are looked back on. */
  readonly windowMs: number;
  /** Milliseconds that must have been seen before anything is said. */
  readonly leastMs: number;
}

interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** Learns how fast a number rises or falls, from looks at it now and then. */
export class Trend {
  readonly #samples: Sample[] = [];

  constructor(private readonly options: TrendOptions) {}

  /** A look at the number. `atMs` never falls. */
  note(atMs: number, value: number): void {
    this.#samples.push({ atMs, value });
    while ((this.#samples[0]?.atMs ?? atMs) < atMs - this.options.windowMs) this.#samples.shift();
  }

  /** Milliseconds between the oldest look that counts and the newest. */
  get observedMs(): number {
    return (this.#samples.at(-1)?.atMs ?? 0) - (this.#samples[0]?.atMs ?? 0);
  }

  /** Change a second, the slope of the line nearest to all looks; undefined while too little was seen. */
  perSecond(): number | undefined {
    const [first] = this.#samples;
    if (!first || this.observedMs < Math.max(1, this.options.leastMs)) return undefined;
    const points = this.#samples.map(({ atMs, value }) => [(atMs - first.atMs) / 1_000, value - first.value]);
    const meanX = meanOf(points.map(([x = 0]) => x));
    const meanY = meanOf(points.map(([, y = 0]) => y));
    const covariance = sumOf(points.map(([x = 0, y = 0]) => (x - meanX) * (y - meanY)));
    return covariance / sumOf(points.map(([x = 0]) => (x - meanX) ** 2));
  }
}

/**
 * Whole seconds until `room` is used up at this rate: 0 where there is none left, undefined where it is not shrinking or
 * not known to.
 *
 * @param perSecond how fast the room is used up
 */
export function secondsUntilUsedUp(room: number, perSecond: number | undefined): number | undefined {
  if (room <= 0) return 0;
  return perSecond === undefined || perSecond <= 0 ? undefined : Math.floor(room / perSecond);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function meanOf(numbers: readonly number[]): number {
  return sumOf(numbers) / numbers.length;
}
