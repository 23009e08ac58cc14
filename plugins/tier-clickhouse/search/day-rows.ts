import type { AggregateQuery } from '#plugin-kit';
import { spansOf, wholeSpan, type Span } from './whole-span.js';

const DAY_NS = 86_400_000_000_000n;
const SECOND_NS = 1_000_000_000n;
/** Most parts of one statement: each costs the engine some tenths of a millisecond. */
const MAX_PARTS = 50n;

/** A part of a question's range. */
export interface RangePart extends Span {
  /** The days that it is made of, as the first part of their partitions, both inclusive; undefined where it is made of no whole days. */
  readonly days?: { readonly first: number; readonly last: number };
  /** Number of the interval that all of it is in; undefined where it is in several, or there are none. */
  readonly interval?: bigint;
}

/**
 * Cuts a question's range so that whole days, which are whole partitions, can be read without the events' times: of one event
 * for another field that is a third of the work. One part, the range itself, where times are needed.
 */
export function rangeParts({ from, to, intervalSeconds }: AggregateQuery): readonly RangePart[] {
  const all = [{ from, to }];
  const unit = intervalSeconds === undefined ? undefined : BigInt(Math.trunc(intervalSeconds)) * SECOND_NS;
  if (unit !== undefined && unit % DAY_NS !== 0n) return all;
  const span = wholeSpan({ from, to }, DAY_NS);
  if (!span) return all;
  const { whole, edges } = span;
  if (unit === undefined) return [...edges, ofDays(whole)];
  if ((whole.to - whole.from) / unit >= MAX_PARTS) return all;
  const parts = spansOf(whole, unit).map((part) => ({ ...ofDays(part), interval: part.from / unit }));
  return [...edges, ...parts];
}

function ofDays({ from, to }: Span): RangePart {
  return { from, to, days: { first: dayNumber(from), last: dayNumber(to - DAY_NS) } };
}

/** `YYYYMMDD`, as tables are partitioned. */
function dayNumber(ns: bigint): number {
  const day = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 10);
  return Number(day.replaceAll('-', ''));
}
