/** A range as the API takes it, and how long it is. */
export interface TimeRange {
  readonly start_time: string;
  readonly end_time: string;
  /** Milliseconds. */
  readonly length: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };
/** Intervals that people read easily. */
const INTERVALS = [
  '1s',
  '5s',
  '10s',
  '30s',
  '1m',
  '5m',
  '15m',
  '30m',
  '1h',
  '3h',
  '6h',
  '12h',
  '1d',
  '7d',
  '30d',
];
/** Most bars of the histogram. */
const MAX_BARS = 120;

/** The last so many, such as `15m`. The server's clock counts, not this machine's. */
export function lastRange(span: string): TimeRange {
  return { start_time: `now-${span}`, end_time: 'now', length: spanMs(span) };
}

/** From one time to another, both in UTC as a field of the page has them; undefined where they are none, or no range. */
export function absoluteRange(from: string, to: string): TimeRange | undefined {
  const [start, end] = [Date.parse(`${from}Z`), Date.parse(`${to}Z`)];
  if (Number.isNaN(start) || Number.isNaN(end) || start >= end) return undefined;
  return {
    start_time: new Date(start).toISOString(),
    end_time: new Date(end).toISOString(),
    length: end - start,
  };
}

/** The shortest interval that cuts a range of so many milliseconds into few enough bars. */
export function intervalFor(length: number): string {
  const fitting = INTERVALS.find((interval) => length / spanMs(interval) <= MAX_BARS);
  return fitting ?? `${Math.ceil(length / MAX_BARS / 8.64e7)}d`;
}

/** Milliseconds of a span such as `15m`. */
export function spanMs(span: string): number {
  return Number.parseInt(span, 10) * (UNIT_MS[span.at(-1) ?? ''] ?? 0);
}

/** A moment as a field of the page has it: UTC, to the second. */
export function toField(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** A timestamp of the API for people: a blank in place of the T, to the millisecond. */
export function toReadable(timestamp: string): string {
  return timestamp.replace('T', ' ').slice(0, 23);
}
