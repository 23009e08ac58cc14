import { SEVERITY_WORDS, type RollUpDeclaration } from '#event-model';
import type { AggregateQuery, AskedStream, Filter, Metric, StreamSpec } from '#plugin-kit';
import { quoteName, quoteText, tableNames } from '../schema/names.js';
import { grainOf } from '../schema/roll-up-table.js';
import { keyColumn } from './aggregate-columns.js';
import type { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import { wholeSpan, type WholeSpan } from './whole-span.js';
import { archivedIn } from './event-place.js';

const SECOND_NS = 1_000_000_000n;
const LAST_SECOND = 4_294_967_295n;
/** Fields that are the same for all events of a stream, so that any roll-up has them. */
const CONSTANTS: readonly string[] = ['stream', 'tenant'];

/** What a roll-up can answer of a question. */
export interface RolledSpan extends WholeSpan {
  readonly rollUp: RollUpDeclaration;
}

/**
 * The stream's roll-up that gives the same answer as its events: where only events and distinct values that it knows are
 * counted, by whole minutes or days, and groups and filter know no fields but its own. Undefined where there is none.
 */
export function rollUpFor(query: AggregateQuery, stream: StreamSpec): RollUpDeclaration | undefined {
  const { intervalSeconds } = query;
  const needed = [...query.groupBy, ...filterFields(query.filter)].filter(
    (name) => !CONSTANTS.includes(name),
  );
  return stream.eventType.rollUps.find(
    (rollUp) =>
      needed.every((name) => rollUp.by.includes(name)) &&
      query.metrics.every((metric) => isKept(metric, rollUp, query.streams)) &&
      (intervalSeconds === undefined || isWhole(intervalSeconds, rollUp)),
  );
}

/**
 * The part of the range that a roll-up answers, and what is left to the events; undefined where there is none, and where
 * units are archived, whose events a roll-up loses with their partitions.
 */
export function rolledSpan(query: AggregateQuery, stream: AskedStream): RolledSpan | undefined {
  if (archivedIn(stream, query).length > 0) return undefined;
  const rollUp = rollUpFor(query, stream);
  const span = rollUp && wholeSpan(query, grainOf(rollUp).nanoseconds);
  return span && { ...span, rollUp };
}

/** Distinct values are told apart as texts, which they are in all streams alike or in none. */
function isKept(metric: Metric, { unique = [] }: RollUpDeclaration, streams: readonly StreamSpec[]): boolean {
  if (metric.function === 'count') return metric.field === undefined;
  if (metric.function !== 'unique' || metric.exact || !unique.includes(metric.field)) return false;
  const { form, isKeyword } = keyColumn(metric.field, streams);
  return form === 'text' && !isKeyword;
}

function isWhole(seconds: number, rollUp: RollUpDeclaration): boolean {
  return (BigInt(Math.trunc(seconds)) * SECOND_NS) % grainOf(rollUp).nanoseconds === 0n;
}

/**
 * The roll-up's rows as if they were events: the start of its minute or day is their time, and the severity is made of the level as the
 * events' own is; so the same condition selects the same events. Rows may not be merged yet: their counts are to be added.
 *
 * @param columns what to select, on columns `timestamp`, `events` and the roll-up's own
 */
export function rollUpRows(
  query: AggregateQuery,
  stream: StreamSpec,
  ...[rollUp, columns, values]: [rollUp: RollUpDeclaration, columns: string, values: BoundValues]
): string {
  const seconds = (ns: bigint): string =>
    `toDateTime(${values.bind('UInt32', String(epochSeconds(ns)))}, 'UTC')`;
  const table = tableNames(stream.tenant, stream.name).rollUp(rollUp.name);
  const start = grainOf(rollUp).column;
  const computed = [`toDateTime64(${start}, 9, 'UTC') AS timestamp`];
  if (rollUp.by.includes('level')) computed.push(`${severityOf('level')} AS severity_number`);
  // Named by its own column besides, so that days outside the range are not read.
  const within = `${start} >= ${seconds(query.from)} AND ${start} < ${seconds(query.to)}`;
  const rows = `SELECT *, ${computed.join(', ')} FROM ${table} WHERE ${within}`;
  return `SELECT ${columns} FROM (${rows}) WHERE ${renderWhere(query, stream, values)}`;
}

/** As the parse view derives it. */
function severityOf(level: string): string {
  const entries = Object.entries(SEVERITY_WORDS);
  const words = entries.map(([word]) => quoteText(word)).join(', ');
  const numbers = entries.map(([, number]) => number).join(', ');
  return `toUInt8(transform(lower(trim(${quoteName(level)})), [${words}], [${numbers}], 0))`;
}

/** Every field that a filter looks at. */
function filterFields(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.flatMap(filterFields);
    case 'not':
      return filterFields(filter.of);
    case 'level':
      return ['level'];
    default:
      return [filter.field ?? 'message'];
  }
}

/** As the roll-up's minutes can be: no event is older than 1980 or of the next century. */
function epochSeconds(ns: bigint): bigint {
  const seconds = ns / 1_000_000_000n;
  return seconds < 0n ? 0n : seconds > LAST_SECOND ? LAST_SECOND : seconds;
}
