import type { AggregateQuery, AskedStream, StreamSpec } from '#plugin-kit';
import { mergedUnique, uniqueState } from '../schema/roll-up-table.js';
import { keyColumn, type SharedColumn } from './aggregate-columns.js';
import { planMetric, type MetricPlan } from './aggregate-metrics.js';
import { rolledSpan, rollUpRows } from './aggregate-roll-up.js';
import type { BoundValues } from './bound-values.js';
import { rangeParts } from './day-rows.js';
import { renderFilter, renderWhere } from './filter-sql.js';
import { archivedIn, renderPlace } from './event-place.js';

/** How a question is answered: the rows it stands on, in columns that all streams share, and what is made of them. */
export interface AggregatePlan {
  readonly query: AggregateQuery;
  /** Columns `_g0`, `_g1` … */
  readonly keys: readonly SharedColumn[];
  readonly metrics: readonly MetricPlan[];
  /** Operands by the name of their column, `_v0`, `_v1` …; metrics of one field share it. */
  readonly operands: ReadonlyMap<string, SharedColumn>;
  /** The operand's column of each metric; empty where it has none. */
  readonly operandNames: readonly string[];
  /**
   * Rows are counts of events already (column `_n`), and operands states of distinct values, from roll-ups where a stream has
   * a fitting one.
   */
  readonly isCounted: boolean;
}

/** @throws TierError `query` */
export function planAggregate(query: AggregateQuery): AggregatePlan {
  const { streams } = query;
  const isCounted = streams.some((stream) => rolledSpan(query, stream) !== undefined);
  const metrics = query.metrics.map((metric) => planMetric(metric, streams));
  const keys = query.groupBy.map((field) => keyColumn(field, streams));
  return {
    query,
    keys,
    metrics: isCounted ? metrics.map(addCounts) : metrics,
    isCounted,
    ...shareOperands(metrics),
  };
}

/** The rows of all streams as one. */
export function renderRows(plan: AggregatePlan, values: BoundValues): string {
  const parts = plan.query.streams.flatMap((stream) =>
    plan.isCounted ? countedRows(plan, stream, values) : eventRows(plan, stream, values),
  );
  return parts.join(' UNION ALL ');
}

/** Names of the columns that make a bucket. */
export function bucketColumns({ query, keys }: AggregatePlan): readonly string[] {
  return [...(query.intervalSeconds === undefined ? [] : ['_t']), ...keys.map((_, i) => `_g${i}`)];
}

/** The metric over rows that are counted already. */
function addCounts(plan: MetricPlan): MetricPlan {
  if (!plan.operand) return { ...plan, apply: () => ({ name: 'sum', parameters: '', argument: '_n' }) };
  return { ...plan, apply: (column) => ({ ...plan.apply(column), argument: column, ofStates: true }) };
}

function shareOperands(metrics: readonly MetricPlan[]): Pick<AggregatePlan, 'operands' | 'operandNames'> {
  const operands = new Map<string, SharedColumn>();
  const known = new Map<string, string>();
  const operandNames = metrics.map(({ metric, operand }) => {
    if (!operand) return '';
    const asNumber = !['count', 'unique'].includes(metric.function);
    const id = JSON.stringify([metric.field, operand.form, asNumber]);
    const name = known.get(id) ?? `_v${known.size}`;
    known.set(id, name);
    operands.set(name, operand);
    return name;
  });
  return { operands, operandNames };
}

function eventRows(plan: AggregatePlan, stream: AskedStream, values: BoundValues): readonly string[] {
  const { query } = plan;
  return rangeParts(query).map((part) => {
    const operands = [...plan.operands].map(
      ([name, column]) => `${column.render(stream, values)} AS ${name}`,
    );
    const columns = [...keyColumns(plan, stream, values, part.interval), ...operands];
    // Files have no partitions to go by.
    const where =
      part.days && archivedIn(stream, part).length === 0
        ? `_partition_value.1 BETWEEN ${part.days.first} AND ${part.days.last} AND ${renderFilter(query.filter, stream, values)}`
        : renderWhere({ ...query, ...part }, stream, values);
    return `SELECT ${columns.join(', ') || '1'} FROM ${renderPlace(stream, part, values)} WHERE ${where}`;
  });
}

/** Counts of the whole minutes or days from the roll-up, and of the rest from the events. */
function countedRows(plan: AggregatePlan, stream: AskedStream, values: BoundValues): readonly string[] {
  const { query } = plan;
  const span = rolledSpan(query, stream);
  if (!span) return [countedEvents(plan, stream, values)];
  const counts = ['sum(events) AS _n', ...states(plan, mergedUnique)];
  const columns = [...keyColumns(plan, stream, values), ...counts].join(', ');
  const rolled = rollUpRows({ ...query, ...span.whole }, stream, span.rollUp, columns, values);
  const edges = span.edges.map((edge) =>
    countedEvents({ ...plan, query: { ...query, ...edge } }, stream, values),
  );
  return [`${rolled}${groupBy(plan)}`, ...edges];
}

function countedEvents(plan: AggregatePlan, stream: AskedStream, values: BoundValues): string {
  const counts = [
    'count() AS _n',
    ...states(plan, (_, operand) => uniqueState(operand.render(stream, values))),
  ];
  const columns = [...keyColumns(plan, stream, values), ...counts].join(', ');
  const place = renderPlace(stream, plan.query, values);
  return `SELECT ${columns} FROM ${place} WHERE ${renderWhere(plan.query, stream, values)}${groupBy(plan)}`;
}

/** The operands as states of their distinct values. */
function states(
  { metrics, operands, operandNames }: AggregatePlan,
  render: (field: string, operand: SharedColumn) => string,
): readonly string[] {
  return [...operands].map(([name, operand]) => {
    const field = metrics[operandNames.indexOf(name)]?.metric.field ?? '';
    return `${render(field, operand)} AS ${name}`;
  });
}

function groupBy(plan: AggregatePlan): string {
  const columns = bucketColumns(plan);
  return columns.length === 0 ? '' : ` GROUP BY ${columns.join(', ')}`;
}

function keyColumns(
  { query, keys }: AggregatePlan,
  stream: StreamSpec,
  ...[values, interval]: [values: BoundValues, interval?: bigint | undefined]
): readonly string[] {
  const rendered = keys.map((key, i) => `${key.render(stream, values)} AS _g${i}`);
  if (query.intervalSeconds === undefined) return rendered;
  const number = interval === undefined ? intervalOf(query.intervalSeconds) : String(interval);
  return [`toUInt32(${number}) AS _t`, ...rendered];
}

/** The number of the interval since the epoch. No event is older than 1980. */
function intervalOf(seconds: number): string {
  return `intDiv(toUnixTimestamp64Nano(timestamp), ${Math.trunc(seconds) * 1_000_000_000})`;
}
