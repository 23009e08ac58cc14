import { formatTimestamp, parseTime } from '#event-model';
import type { AggregateQuery, AggregateResult, Metric, StreamSpec } from '#plugin-kit';

/** Nanoseconds since the epoch of a time in RFC 3339. */
export const at = (time: string): bigint => parseTime(time) ?? 0n;
export const DAY = { from: at('2026-11-20T00:00:00Z'), to: at('2026-11-21T00:00:00Z') };
/** A count of events, named `n`. */
export const COUNT: Metric = { name: 'n', function: 'count' };

/** A count of one day's events in a stream. */
export function makeQuestion(stream: StreamSpec, more: Partial<AggregateQuery> = {}): AggregateQuery {
  const selection = { tenant: stream.tenant, streams: [stream], ...DAY, timeoutMs: 60_000 };
  const { metrics = [COUNT] } = more;
  const shape = { metrics, groupBy: [], fill: false, limit: 10, order: 'desc' as const };
  const filter = { kind: 'all', of: [] } as const;
  return { ...selection, filter, ...shape, orderBy: metrics[0]?.name ?? '', ...more };
}

/** Buckets as lines of text: `time group = values`. */
export function showBuckets({ buckets }: AggregateResult): string[] {
  return buckets.map(({ time, group, values }) => {
    const start = time === undefined ? [] : [formatTimestamp(time).slice(11, 19)];
    return [...start, ...group.map((value) => JSON.stringify(value)), '=', ...values].join(' ');
  });
}
