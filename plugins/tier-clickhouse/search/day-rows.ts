import type { AggregateQuery } from '#plugin-kit';
import { spansOf, wholeSpan, type Span } from './whole-span.js';

const DAY_NS = 86_400_000_000_000n;
const SECOND_NS = 1_000_000_000n;
/** Most parts of one statement, over all streams: each costs the engine some tenths of a millisecond. */
const MAX_PARTS = 64;
/** The days that there can be events of: 1970, where the engine's times begin, to 2261, before they end. */
const DAYS: Span = { from: 0n, to: 106_751n * DAY_NS };

/** A part of a question's range. */
export interface RangePart extends Span {
  /** The days that it is made of, as the first part of their partitions, both inclusive; undefined where it is made of no whole days. */
  readonly days?: { readonly first: number; readonly last: number };
  /** Number of the interval that all of it is in; undefined where it is in several, or there are none. */
  readonly interval?: bigint;
}

/**
 * Cuts a question's range so that whole days, which are whole partitions, are read without the events' times: reading those
 * is a third of the work of a figure over one field. One part, the range itself, where times are needed or the parts
 * would be too many.
 */
export function rangeParts({ from, to, intervalSeconds, streams }: AggregateQuery): readonly RangePart[] {
  const all = [{ from, to }];
  const unit = intervalSeconds === undefined ? undefined : BigInt(Math.trunc(intervalSeconds)) * SECOND_NS;
  if (unit !== undefined && unit % DAY_NS !== 0n) return all;
  const span = wholeSpan({ from: latest(from, DAYS.from), to: earliest(to, DAYS.to) }, DAY_NS);
  if (!span) return all;
  const { whole } = span;
  const intervals = unit === undefined ? 1n : (whole.to - whole.from) / unit + 2n;
  if (intervals * BigInt(streams.length) > MAX_PARTS) return all;
  const days =
    unit === undefined ? [ofDays(whole)] : spansOf(whole, unit).map((part) => inInterval(part, unit));
  const edges = [
    { from, to: whole.from },
    { from: whole.to, to },
  ];
  return [...edges.filter((edge) => edge.from < edge.to), ...days];
}

function inInterval(part: Span, unit: bigint): RangePart {
  return { ...ofDays(part), interval: part.from / unit };
}

function ofDays({ from, to }: Span): RangePart {
  return { from, to, days: { first: dayNumber(from), last: dayNumber(to - DAY_NS) } };
}

/** `YYYYMMDD`, as tables are partitioned. */
function dayNumber(ns: bigint): number {
  const day = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 10);
  return Number(day.replaceAll('-', ''));
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function earliest(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
