/** Nanoseconds since the epoch; `to` is exclusive. */
export interface TimeWindow {
  readonly from: bigint;
  readonly to: bigint;
}

/** How much longer each window is than the one before it. */
const GROWTH = 8n;

/**
 * Cuts a range into windows, each longer than the one before: the newest end first for `desc`, the oldest for `asc`. A
 * search that finds enough in the first reads little; one that finds nothing has read everything once, in a handful of
 * statements.
 */
export function* growingWindows(
  { from, to }: TimeWindow,
  order: 'desc' | 'asc',
  first: bigint,
): Generator<TimeWindow> {
  let [start, end, width] = [from, to, first < 1n ? 1n : first];
  while (start < end) {
    const isLast = end - start <= width * 2n;
    const window = isLast
      ? { from: start, to: end }
      : order === 'desc'
        ? { from: end - width, to: end }
        : { from: start, to: start + width };
    yield window;
    if (order === 'desc') end = window.from;
    else start = window.to;
    width *= GROWTH;
  }
}

/** How long a window is that holds about `rows` events, were they spread evenly over a range that holds `all`. */
export function widthOf(rows: number, { from, to }: TimeWindow, all: number): bigint {
  const range = to - from;
  return all <= rows ? range : (range * BigInt(rows)) / BigInt(all);
}
