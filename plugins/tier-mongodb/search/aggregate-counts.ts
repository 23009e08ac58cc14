import {
  MAX_BUCKETS,
  TierError,
  TooManyGroupsError,
  type AggregateBucket,
  type AggregateQuery,
  type AggregateResult,
  type StreamSpec,
} from '#plugin-kit';
import type { MongoStore } from '../store/mongo-store.js';
import { keptText } from './condition.js';
import { countGroups, type GroupCount, type GroupKey } from './count-groups.js';
import { termOf } from './term.js';

const NS_PER_MS = 1_000_000n;

/** Counts events by interval and by fields of text: what MongoDB can be asked without reading each event. */
export async function aggregateCounts(
  store: MongoStore,
  query: AggregateQuery,
  signal?: AbortSignal,
): Promise<AggregateResult> {
  const begun = performance.now();
  requireCounts(query);
  const limits = { until: begun + query.timeoutMs, signal };
  const amount = { rows: 0, bytes: 0 };
  const all: GroupCount[] = [];
  for (const stream of query.streams) {
    const keys = query.groupBy.map((name) => groupKey(name, stream));
    all.push(...(await countGroups(store, query, { stream, keys, limits, amount })));
  }
  return {
    buckets: bucketsOf(query, all),
    approximations: [],
    source: 'events',
    stats: {
      rowsRead: amount.rows,
      bytesRead: amount.bytes,
      elapsedMs: Math.round(performance.now() - begun),
    },
  };
}

function requireCounts({ metrics }: AggregateQuery): void {
  const other = metrics.find((metric) => metric.function !== 'count' || metric.field !== undefined);
  if (other)
    throw new TierError(
      'query',
      `"${other.name}" can't be computed over streams that are kept as documents (stored_in: documents): only counts of events are; name other streams, or export these.`,
    );
}

function groupKey(name: string, stream: StreamSpec): GroupKey {
  if (name === 'stream' || name === 'tenant')
    return { constant: name === 'stream' ? stream.name : stream.tenant };
  const field = keptText(termOf(name, stream));
  if (field !== undefined) return { field };
  throw new TierError(
    'query',
    `Events of "${stream.name}", which are kept as documents (stored_in: documents), can't be grouped by "${name}": only by source, event_type, stream, user_id and declared fields of the types keyword and string.`,
  );
}

interface Group {
  readonly values: readonly (string | null)[];
  readonly times: Map<number, number>;
  events: number;
}

/** The first groups over the whole range, each with its intervals. */
function bucketsOf(query: AggregateQuery, counts: readonly GroupCount[]): readonly AggregateBucket[] {
  const groups = new Map<string, Group>();
  // Without fields there is one group, also of no events.
  if (query.groupBy.length === 0) groups.set('[]', { values: [], times: new Map(), events: 0 });
  for (const { group, time, events } of counts) {
    const id = JSON.stringify(group);
    const known = groups.get(id) ?? { values: group, times: new Map<number, number>(), events: 0 };
    groups.set(id, known);
    known.events += events;
    known.times.set(time, (known.times.get(time) ?? 0) + events);
  }
  const way = query.order === 'desc' ? -1 : 1;
  const ranked = [...groups.values()]
    .sort((a, b) => (a.events - b.events) * way || compareValues(a.values, b.values))
    .slice(0, query.limit);
  return inIntervals(query, ranked);
}

/** By time, then by rank. */
function inIntervals(query: AggregateQuery, ranked: readonly Group[]): readonly AggregateBucket[] {
  const valuesOf = (events: number): number[] => query.metrics.map(() => events);
  if (query.intervalSeconds === undefined)
    return ranked.map(({ values: group, events }) => ({ group, values: valuesOf(events) }));
  const times = query.fill ? filledTimes(query, query.intervalSeconds) : timesOf(ranked);
  if (times.length * ranked.length > MAX_BUCKETS)
    throw new TooManyGroupsError(`The answer would have more than ${MAX_BUCKETS} buckets.`);
  return times.flatMap((time) =>
    ranked.flatMap(({ values: group, times: known }) => {
      const events = known.get(time) ?? 0;
      return events > 0 || query.fill
        ? [{ time: BigInt(time) * NS_PER_MS, group, values: valuesOf(events) }]
        : [];
    }),
  );
}

function timesOf(groups: readonly Group[]): readonly number[] {
  return [...new Set(groups.flatMap(({ times }) => [...times.keys()]))].sort((a, b) => a - b);
}

function filledTimes({ from, to }: AggregateQuery, seconds: number): readonly number[] {
  const step = seconds * 1_000;
  const [first, last] = [Number(from / NS_PER_MS), Number((to - 1n) / NS_PER_MS)];
  const count = Math.floor(last / step) - Math.floor(first / step) + 1;
  if (count > MAX_BUCKETS)
    throw new TooManyGroupsError(`The answer would have ${count} intervals; ${MAX_BUCKETS} are the most.`);
  return Array.from({ length: Math.max(0, count) }, (_, at) => (Math.floor(first / step) + at) * step);
}

/** An absent value comes last. */
function compareValues(a: Group['values'], b: Group['values']): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? null;
    if (value === other) continue;
    if (value === null || other === null) return value === null ? 1 : -1;
    return value < other ? -1 : 1;
  }
  return 0;
}
