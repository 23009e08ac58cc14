import { formatTimestamp, severityNumber } from '#event-model';
import type { AggregateQuery, Filter, Metric } from '#plugin-kit';
import { fieldsOf } from '../schema/columns.js';

/** An event as it was sent, with its time and the stream that it went to. */
export interface SentEvent {
  readonly stream: string;
  readonly ns: bigint;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A bucket with its exact values. */
export interface ReferenceBucket {
  readonly time: bigint | undefined;
  readonly group: readonly unknown[];
  readonly values: readonly (number | string | null)[];
}

/**
 * Every bucket of every group, without limit or gaps filled, by going through the events one by one: what the engine's
 * answer is held against. Knows the filters `all`, `not`, `level` and `equals`.
 */
export function referenceBuckets(
  query: AggregateQuery,
  events: readonly SentEvent[],
): readonly ReferenceBucket[] {
  const buckets = new Map<string, { time: bigint | undefined; group: unknown[]; events: SentEvent[] }>();
  for (const event of events.filter((each) => isSelected(query, each))) {
    const step = BigInt(query.intervalSeconds ?? 0) * 1_000_000_000n;
    const time = step === 0n ? undefined : event.ns - (event.ns % step);
    const group = query.groupBy.map((field) => valueOf(query, event, field));
    const id = JSON.stringify([String(time), group]);
    const bucket = buckets.get(id) ?? { time, group, events: [] };
    bucket.events.push(event);
    buckets.set(id, bucket);
  }
  return [...buckets.values()].map(({ time, group, events: members }) => ({
    time,
    group,
    values: query.metrics.map((metric) => measure(metric, query, members)),
  }));
}

function isSelected(query: AggregateQuery, event: SentEvent): boolean {
  const isInRange = event.ns >= query.from && event.ns < query.to;
  return (
    isInRange && query.streams.some(({ name }) => name === event.stream) && fits(query.filter, query, event)
  );
}

function fits(filter: Filter, query: AggregateQuery, event: SentEvent): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every((each) => fits(each, query, event));
    case 'not':
      return !fits(filter.of, query, event);
    case 'level':
      return filter.words.some((word) => isLevel(word, String(event.fields['level'] ?? '')));
    case 'equals':
      return filter.values.map(String).includes(String(valueOf(query, event, filter.field) ?? ''));
    default:
      throw new Error(`The reference knows no filter of kind ${filter.kind}`);
  }
}

function isLevel(word: string, level: string): boolean {
  const number = severityNumber(word);
  return number > 0 ? severityNumber(level) === number : level.toLowerCase() === word.toLowerCase();
}

/** The value that a group shows: null where absent; declared text that is empty is absent. */
function valueOf(query: AggregateQuery, event: SentEvent, field: string): unknown {
  if (field === 'stream') return event.stream;
  const spec = query.streams.find(({ name }) => name === event.stream);
  const isDeclared = spec && fieldsOf(spec.eventType).some(({ name }) => name === field);
  const value = event.fields[field] ?? null;
  return isDeclared && value === '' ? null : value;
}

function measure(
  metric: Metric,
  query: AggregateQuery,
  events: readonly SentEvent[],
): number | string | null {
  if (metric.function === 'count' && metric.field === undefined) return events.length;
  const { field = '' } = metric;
  if (field === 'timestamp') return extreme(metric, events);
  const values = events.map((event) => valueOf(query, event, field)).filter((value) => value !== null);
  if (metric.function === 'count') return values.length;
  if (metric.function === 'unique') return new Set(values.map((value) => JSON.stringify(value))).size;
  const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  return numbers.length === 0 ? null : ofNumbers(metric, numbers);
}

function ofNumbers(metric: Metric, sorted: readonly number[]): number | null {
  const sum = sorted.reduce((total, value) => total + value, 0);
  switch (metric.function) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / sorted.length;
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
    default:
      return (
        sorted[
          Math.floor((metric.function === 'percentile' ? metric.percentile / 100 : 0) * (sorted.length - 1))
        ] ?? null
      );
  }
}

function extreme(metric: Metric, events: readonly SentEvent[]): string | null {
  const times = events.map(({ ns }) => ns).sort((a, b) => (a < b ? -1 : 1));
  const found = metric.function === 'min' ? times[0] : times.at(-1);
  return found === undefined ? null : formatTimestamp(found);
}
