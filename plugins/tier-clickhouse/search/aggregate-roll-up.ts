import { SEVERITY_WORDS, type RollUpDeclaration } from '#event-model';
import type { AggregateQuery, Filter, StreamSpec } from '#plugin-kit';
import { quoteName, quoteText, tableNames } from '../schema/names.js';
import type { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import { wholeSpan, type Span, type WholeSpan } from './whole-span.js';

const MINUTE_NS = 60_000_000_000n;
const LAST_SECOND = 4_294_967_295n;
/** Fields that are the same for all events of a stream, so that any roll-up has them. */
const CONSTANTS: readonly string[] = ['stream', 'tenant'];

/**
 * The stream's roll-up that gives the same answer as its events: where only events are counted, by whole minutes, and
 * groups and filter know no fields but its own. Undefined where there is none.
 */
export function rollUpFor(query: AggregateQuery, stream: StreamSpec): RollUpDeclaration | undefined {
  const { metrics, intervalSeconds = 60 } = query;
  const isCount = metrics.every((metric) => metric.function === 'count' && metric.field === undefined);
  if (!isCount || intervalSeconds % 60 !== 0) return undefined;
  const needed = [...query.groupBy, ...filterFields(query.filter)].filter(
    (name) => !CONSTANTS.includes(name),
  );
  return stream.eventType.rollUps.find(({ by }) => needed.every((name) => by.includes(name)));
}

/** Cuts a range at minutes; undefined where no whole minute lies in it. */
export function minuteSpan(range: Span): WholeSpan | undefined {
  return wholeSpan(range, MINUTE_NS);
}

/**
 * The roll-up's rows as if they were events: its minute is their time, and the severity is made of the level as the
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
  const computed = ["toDateTime64(minute, 9, 'UTC') AS timestamp"];
  if (rollUp.by.includes('level')) computed.push(`${severityOf('level')} AS severity_number`);
  // Named by minute besides, so that days outside the range are not read.
  const minutes = `minute >= ${seconds(query.from)} AND minute < ${seconds(query.to)}`;
  const rows = `SELECT *, ${computed.join(', ')} FROM ${table} WHERE ${minutes}`;
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
