import { formatTimestamp, parseTime } from '#event-model';
import type { Filter, FilterRange } from '#plugin-kit';
import { QueryMistake } from './query-mistake.js';
import type { Piece } from './query-text.js';

const TIME_FIELDS: readonly string[] = ['timestamp', 'observed_timestamp'];
const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_NS = 86_400_000_000_000n;

type Bounds = Partial<Readonly<Record<keyof FilterRange, Piece>>>;

export const isTimeField = (field: string): boolean => TIME_FIELDS.includes(field);

/** Bounds as absolute times, so that a question means the same on every page. A day stands for all of it. @throws QueryMistake */
export function rangeOfTimes({ above, from, below, to }: Bounds, now: () => number): FilterRange {
  return {
    ...(above && edge('above', above, { now, day: ['from', DAY_NS] })),
    ...(from && edge('from', from, { now, day: ['from', 0n] })),
    ...(below && edge('below', below, { now, day: ['below', 0n] })),
    ...(to && edge('to', to, { now, day: ['below', DAY_NS] })),
  };
}

/** A moment, or a day. @throws QueryMistake */
export function timeMatch(field: string, value: Piece, now: () => number): Filter {
  if (DAY.test(value.raw)) return { kind: 'range', field, ...rangeOfTimes({ from: value, to: value }, now) };
  return { kind: 'equals', field, values: [formatTimestamp(momentOf(value, now))] };
}

interface Reading {
  readonly now: () => number;
  /** What the bound is where a whole day is named, and how long after the day's start. */
  readonly day: readonly [key: keyof FilterRange, offset: bigint];
}

function edge(key: keyof FilterRange, bound: Piece, { now, day }: Reading): FilterRange {
  const ns = momentOf(bound, now);
  const [dayKey, offset] = day;
  return DAY.test(bound.raw) ? { [dayKey]: formatTimestamp(ns + offset) } : { [key]: formatTimestamp(ns) };
}

function momentOf({ raw, position }: Piece, now: () => number): bigint {
  const ns = parseTime(DAY.test(raw) ? `${raw}T00:00:00Z` : raw, now);
  if (ns !== undefined && ns >= 0n && ns < 2n ** 63n) return ns;
  throw new QueryMistake(
    'this is no point in time',
    position,
    'Write a day, RFC 3339, an epoch number, or such as now-15m: timestamp:>now-15m.',
  );
}
