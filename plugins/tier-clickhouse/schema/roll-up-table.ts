import type { RollUpDeclaration } from '#event-model';
import { quoteName } from './names.js';
import { WRITTEN } from './written.js';

/** The times that a roll-up tells apart. */
export interface Grain {
  /** Column with the start of each. */
  readonly column: 'minute' | 'day';
  readonly nanoseconds: bigint;
  readonly startOf: (time: string) => string;
}

const MINUTE: Grain = {
  column: 'minute',
  nanoseconds: 60_000_000_000n,
  startOf: (time) => `toStartOfMinute(${time})`,
};
const DAY: Grain = {
  column: 'day',
  nanoseconds: 86_400_000_000_000n,
  startOf: (time) => `toStartOfDay(${time})`,
};

/**
 * Counts distinct texts but the empty one, which means that there is none, within 1 %. States of roll-ups and of events
 * can be merged, since both are this function's.
 */
export const UNIQUE_FUNCTION = 'uniqCombined64If';

/** By which times a roll-up counts. */
export function grainOf({ unique = [] }: RollUpDeclaration): Grain {
  return unique.length === 0 ? MINUTE : DAY;
}

/** The state of the distinct texts of an expression. */
export function uniqueState(text: string): string {
  return `${UNIQUE_FUNCTION}State(${text}, ${text} != '')`;
}

/** The state of a field's distinct values over rows of a roll-up. */
export function mergedUnique(field: string): string {
  return `${UNIQUE_FUNCTION}MergeState(${uniqueColumn(field)})`;
}

/** The column with the states of a field's distinct values. No field's name begins with an underscore. */
function uniqueColumn(field: string): string {
  return quoteName(`_unique_${field}`);
}

/** A roll-up's table under any name: the scratch copy of a rebuild has the same one. */
export function rollUpTable(name: string, rollUp: RollUpDeclaration): string {
  const { by, unique = [] } = rollUp;
  const { column } = grainOf(rollUp);
  const columns = [
    `${column} DateTime('UTC')`,
    ...by.map((field) => `${quoteName(field)} LowCardinality(String)`),
    'events SimpleAggregateFunction(sum, UInt64)',
    ...unique.map((field) => `${uniqueColumn(field)} AggregateFunction(${UNIQUE_FUNCTION}, String, UInt8)`),
  ];
  const key = [column, ...by.map(quoteName)];
  return `CREATE TABLE IF NOT EXISTS ${name} (${columns.join(', ')}) ENGINE = AggregatingMergeTree PARTITION BY toYYYYMMDD(${column}) ORDER BY (${key.join(', ')}) SETTINGS ${WRITTEN.join(', ')}`;
}

/** What a roll-up is made of. */
export function rollUpSelect(rollUp: RollUpDeclaration, from: string, where = ''): string {
  const { unique = [] } = rollUp;
  const { column, startOf } = grainOf(rollUp);
  const by = rollUp.by.map(quoteName);
  const columns = [
    `${startOf("toDateTime(timestamp, 'UTC')")} AS ${column}`,
    ...by,
    'count() AS events',
    ...unique.map((field) => `${uniqueState(quoteName(field))} AS ${uniqueColumn(field)}`),
  ];
  return `SELECT ${columns.join(', ')} FROM ${from} ${where} GROUP BY ${[column, ...by].join(', ')}`;
}
