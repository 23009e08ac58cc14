import {
  MAX_BUCKETS,
  TooManyGroupsError,
  type AggregateBucket,
  type AggregateQuery,
  type GroupValue,
  parseExactJson,
} from '#plugin-kit';
import type { SharedColumn } from './aggregate-columns.js';
import { readNumber } from './aggregate-metrics.js';
import type { AggregatePlan } from './aggregate-plan.js';

const SECOND_NS = 1_000_000_000n;

/** A row of the statement. */
export type BucketRow = Readonly<Record<string, unknown>>;

type Group = AggregateBucket['group'];

/** Makes buckets of the statement's rows; where it is asked for, also those that no event fell into. */
export function toBuckets(plan: AggregatePlan, rows: readonly BucketRow[]): readonly AggregateBucket[] {
  if (rows.length > MAX_BUCKETS) throw tooManyBuckets();
  const groups = new GroupReader(plan.keys);
  const interval = plan.query.intervalSeconds;
  const timeOf = createClock(interval ?? 1);
  const found = rows.map((row): AggregateBucket => {
    const values = plan.metrics.map(({ read }, i) => read(row[`_m${i}`]));
    const group = groups.read(row);
    return interval === undefined ? { group, values } : { time: timeOf(row['_t']), group, values };
  });
  if (interval === undefined || !plan.query.fill) return found;
  const seen = [...new Set([...rows].sort(byPlace).map((row) => groups.read(row)))];
  return fillGaps(plan, found, plan.keys.length === 0 ? [groups.read({})] : seen);
}

/** What a question about nothing is answered with. */
export function emptyBuckets(query: AggregateQuery): readonly AggregateBucket[] {
  const isTotal = query.groupBy.length === 0 && query.intervalSeconds === undefined;
  if (isTotal) return [{ group: [], values: emptyValues(query) }];
  if (query.groupBy.length > 0 || !query.fill) return [];
  return times(query).map((time) => ({ time, group: [], values: emptyValues(query) }));
}

/** Starts of all intervals of the range. @throws TooManyGroupsError */
function times({ from, to, intervalSeconds = 1 }: AggregateQuery): readonly bigint[] {
  const step = BigInt(Math.trunc(intervalSeconds)) * SECOND_NS;
  const first = from / step;
  const count = Number((to - 1n) / step - first) + 1;
  if (count > MAX_BUCKETS) throw tooManyBuckets();
  return Array.from({ length: count }, (_, i) => (first + BigInt(i)) * step);
}

function fillGaps(
  { query }: AggregatePlan,
  found: readonly AggregateBucket[],
  groups: readonly Group[],
): readonly AggregateBucket[] {
  const starts = times(query);
  if (starts.length * groups.length > MAX_BUCKETS) throw tooManyBuckets();
  const values = emptyValues(query);
  const byTime = new Map<bigint | undefined, Map<Group, AggregateBucket>>();
  for (const bucket of found) {
    const at = byTime.get(bucket.time) ?? new Map<Group, AggregateBucket>();
    byTime.set(bucket.time, at.set(bucket.group, bucket));
  }
  return starts.flatMap((time) => {
    const at = byTime.get(time);
    return groups.map((group) => at?.get(group) ?? { time, group, values });
  });
}

function emptyValues({ metrics }: AggregateQuery): AggregateBucket['values'] {
  return metrics.map((metric) => (metric.function === 'count' || metric.function === 'unique' ? 0 : null));
}

function byPlace(a: BucketRow, b: BucketRow): number {
  return Number(a['_place'] ?? 0) - Number(b['_place'] ?? 0);
}

/** Starts of intervals by their number; buckets of one interval share it. */
function createClock(seconds: number): (interval: unknown) => bigint {
  const known = new Map<unknown, bigint>();
  return (interval) => {
    const start = known.get(interval) ?? BigInt(Number(interval)) * BigInt(seconds) * SECOND_NS;
    known.set(interval, start);
    return start;
  };
}

function tooManyBuckets(): TooManyGroupsError {
  return new TooManyGroupsError(
    `The answer would have more than ${MAX_BUCKETS} buckets: choose a longer interval, a shorter time range or a smaller limit.`,
  );
}

/** Reads groups so that equal ones are the same object. */
class GroupReader {
  readonly #known = new Map<string, Group>();

  constructor(private readonly keys: readonly SharedColumn[]) {}

  read(row: BucketRow): Group {
    const raw = this.keys.map((_, i) => row[`_g${i}`]);
    const id = raw.length === 1 && typeof raw[0] === 'string' ? raw[0] : JSON.stringify(raw);
    const known = this.#known.get(id) ?? this.keys.map((key, i) => readValue(key, raw[i]));
    this.#known.set(id, known);
    return known;
  }
}

/** A value of a column, null where it is absent. */
export function readValue({ form }: Pick<SharedColumn, 'form'>, value: unknown): GroupValue {
  if (value === '' || value === null || value === undefined) return null;
  if (form === 'bool') return value === true || value === 'true';
  if (form === 'number') return readNumber(value);
  const text = String(value);
  if (form !== 'tagged') return text;
  return text.startsWith('s') ? text.slice(1) : readJson(text.slice(1));
}

/** A number beyond what the engine's hold is its text. */
function readJson(text: string): GroupValue {
  try {
    return parseExactJson(text) as GroupValue;
  } catch {
    return text;
  }
}
