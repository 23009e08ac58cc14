/** Nanoseconds since the epoch; `to` is exclusive. */
export interface TimeWindow {
  readonly from: bigint;
  readonly to: bigint;
}

/** How much longer a window is than the one before it, unless its user knows better. */
export const GROWTH = 8n;

/** What windows are cut from. */
export interface WindowPlan {
  /** All of it is covered. */
  readonly range: TimeWindow;
  /** Where in the range events are known to be; windows are cut here, and the outermost reach to the range's ends. */
  readonly known: TimeWindow | undefined;
  /** The newest end comes first for `desc`, the oldest for `asc`. */
  readonly order: 'desc' | 'asc';
}

/**
 * Cuts a range into windows, one after the other. A search that finds enough in the first reads little; what is known of
 * the events' times decides only where is cut, so that a late or new event is missed by none.
 */
export class TimeWindows {
  #rest: TimeWindow | undefined;

  constructor(private readonly plan: WindowPlan) {
    this.#rest = plan.known ?? plan.range;
  }

  /** The next window: about so wide in nanoseconds, or all that is left where that is hardly more; undefined at the end. */
  take(width: bigint): TimeWindow | undefined {
    const rest = this.#rest;
    if (!rest) return undefined;
    if (rest.to - rest.from <= width * 2n) {
      this.#rest = undefined;
      return this.#reaching(rest);
    }
    const isNewestFirst = this.plan.order === 'desc';
    const cut = isNewestFirst ? rest.to - width : rest.from + width;
    const [older, newer] = [
      { from: rest.from, to: cut },
      { from: cut, to: rest.to },
    ];
    this.#rest = isNewestFirst ? older : newer;
    return this.#reaching(isNewestFirst ? newer : older);
  }

  /** What no window was cut from yet, to the end of the range. */
  get rest(): TimeWindow | undefined {
    return this.#rest && this.#reaching(this.#rest);
  }

  #reaching({ from, to }: TimeWindow): TimeWindow {
    const { range, known = range } = this.plan;
    return { from: from === known.from ? range.from : from, to: to === known.to ? range.to : to };
  }
}

/** How long a window is that holds about `rows` events, were they spread evenly over a range that holds `all`. */
export function widthOf(rows: number, { from, to }: TimeWindow, all: number): bigint {
  const range = to - from;
  if (all <= rows) return range;
  const width = (range * BigInt(rows)) / BigInt(all);
  return width < 1n ? 1n : width;
}

/** The part of two stretches of time that is in both. */
export function overlap(a: TimeWindow, b: TimeWindow): TimeWindow | undefined {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from < to ? { from, to } : undefined;
}

/** The stretch of time from the beginning of the first to the end of the last. */
export function spanning(a: TimeWindow, b: TimeWindow): TimeWindow {
  return { from: a.from < b.from ? a.from : b.from, to: a.to > b.to ? a.to : b.to };
}
