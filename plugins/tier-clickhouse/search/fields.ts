import type {
  FieldReport,
  FieldsQuery,
  FieldsResult,
  Filter,
  Metric,
  MetricValue,
  SearchStats,
} from '#plugin-kit';
import { keyColumn } from './aggregate-columns.js';
import { aggregateEvents } from './aggregate.js';
import { fieldsIn, type KnownField } from './fields-known.js';
import { readSample } from './fields-sample.js';
import type { QuestionContext } from './question.js';

type Counted = Omit<FieldReport, 'topValues'>;

/**
 * Which fields the selected events have. Declared ones are counted over all of them; undeclared ones, and the frequent
 * values of all, are looked for in a sample. One field alone is counted over all events.
 *
 * @throws TooManyGroupsError; TierError
 */
export function describeFields(
  context: QuestionContext,
  query: FieldsQuery,
  signal?: AbortSignal,
): Promise<FieldsResult> {
  return query.field === undefined
    ? describeAll(context, query, signal)
    : describeOne(context, query, query.field, signal);
}

async function describeAll(
  context: QuestionContext,
  query: FieldsQuery,
  signal: AbortSignal | undefined,
): Promise<FieldsResult> {
  const known = fieldsIn(query.streams);
  const { events, fields, stats } = await countFields(context, query, known, signal);
  const names = known.map(({ name }) => name);
  const sample = await readSample(context, { ...query, events, names }, signal);
  const declared = fields.map((field, i) => ({ ...field, topValues: sample.topValues[i] ?? [] }));
  return {
    events,
    sampled: sample.events,
    fields: [...declared, ...sample.attributes],
    isCut: sample.isCut,
    stats: addStats(stats, sample.stats),
  };
}

async function describeOne(
  context: QuestionContext,
  query: FieldsQuery,
  ...[name, signal]: [name: string, signal: AbortSignal | undefined]
): Promise<FieldsResult> {
  const known = fieldsIn(query.streams).find((field) => field.name === name);
  const asked = known ?? { name, types: [], declaredIn: [] };
  const { events, fields, stats } = await countFields(context, query, [asked], signal);
  const exists: Filter = { kind: 'all', of: [query.filter, { kind: 'exists', field: name }] };
  const shape = {
    groupBy: [name],
    fill: false,
    limit: query.topValues,
    orderBy: 'n',
    order: 'desc' as const,
  };
  const metrics: readonly Metric[] = [{ name: 'n', function: 'count' }];
  const top = await aggregateEvents(context, { ...query, filter: exists, metrics, ...shape }, signal);
  const topValues = top.buckets.map(({ group, values }) => ({
    value: group[0] ?? null,
    events: Number(values[0]),
  }));
  const seen = [...new Set(topValues.map(({ value }) => jsonType(value)))].sort();
  const described = fields.map((field) => ({ ...field, types: known ? field.types : seen, topValues }));
  return { events, sampled: events, fields: described, isCut: false, stats: addStats(stats, top.stats) };
}

/** Counts over all selected events, in one statement. */
async function countFields(
  context: QuestionContext,
  query: FieldsQuery,
  ...[known, signal]: [known: readonly KnownField[], signal: AbortSignal | undefined]
): Promise<{ events: number; fields: readonly Counted[]; stats: SearchStats }> {
  const metrics: readonly Metric[] = [
    { name: 'n', function: 'count' },
    ...known.flatMap(({ name }, i): Metric[] => [
      { name: `has${i}`, function: 'count', field: name },
      { name: `unique${i}`, function: 'unique', field: name, exact: false },
    ]),
  ];
  const shape = { groupBy: [], fill: false, limit: 1, orderBy: 'n', order: 'desc' as const };
  const { buckets, stats } = await aggregateEvents(context, { ...query, metrics, ...shape }, signal);
  const [events = 0, ...counts]: readonly MetricValue[] = buckets[0]?.values ?? [];
  const fields = known.map((field, i): Counted => ({
    ...field,
    events: Number(counts[2 * i] ?? 0),
    of: Number(events),
    cardinality: Number(counts[2 * i + 1] ?? 0),
    isExact: keyColumn(field.name, query.streams).isKeyword,
  }));
  return { events: Number(events), fields, stats };
}

/** The JSON type of a value. */
export function jsonType(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function addStats(a: SearchStats, b: SearchStats): SearchStats {
  return {
    rowsRead: a.rowsRead + b.rowsRead,
    bytesRead: a.bytesRead + b.bytesRead,
    elapsedMs: Math.round((a.elapsedMs + b.elapsedMs) * 10) / 10,
  };
}
