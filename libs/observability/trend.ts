export interface TrendOptions {
  /** Milliseconds that are looked back on. */
  readonly windowMs: number;
  /** Milliseconds that must have been seen before anything is said. */
  readonly leastMs: number;
}

/** Looks that a slope is taken from: the pairs of all would be too many. */
const MAX_POINTS = 60;

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

  /**
   * Change a second: the median of the slopes between looks (Theil–Sen), which a file that comes and goes does not bend.
   * Undefined while too little was seen.
   */
  perSecond(): number | undefined {
    if (this.observedMs < Math.max(1, this.options.leastMs)) return undefined;
    const points = evenly(this.#samples, MAX_POINTS);
    const slopes = points.flatMap((from, index) =>
      points.slice(index + 1).map((to) => (to.value - from.value) / ((to.atMs - from.atMs) / 1_000)),
    );
    return medianOf(slopes.filter(Number.isFinite));
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

/** At most so many of them, from the first to the last. */
function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as T);
}

function medianOf(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
