import type { QuarantineCounts, QuarantineFilter, ValueCount } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';
import { BoundValues } from '../search/bound-values.js';
import { rowsOrNone } from '../search/rows-or-none.js';
import { renderRefusedWhere } from './refused-where.js';

/** Most values that are told of each side. */
const MAX_VALUES = 1_000;
const SIDES = ['reason', 'source', 'stream', 'parser'] as const;
/** Seconds, threads, and a nice value: as for searches. */
export const GENTLE =
  'max_execution_time = 30, max_threads = 2, readonly = 1, os_threads_nice_value_query = 10';

type Side = (typeof SIDES)[number];
interface SideRow {
  readonly side: Side;
  readonly value: string;
  readonly n: string;
}

/** Counts what is refused by each side, in one reading. */
export async function countRefused(engine: Engine, filter: QuarantineFilter): Promise<QuarantineCounts> {
  const values = new BoundValues();
  const where = renderRefusedWhere(filter, values);
  const { quarantine } = tableNames(filter.tenant, '');
  const pairs = SIDES.map((side) => `('${side}', toString(${side}))`).join(', ');
  const sides = `SELECT arrayJoin([${pairs}]) AS pair, events FROM (SELECT ${SIDES.join(', ')}, count() AS events FROM ${quarantine} WHERE ${where} GROUP BY ${SIDES.join(', ')})`;
  const statement = `SELECT pair.1 AS side, pair.2 AS value, sum(events) AS n FROM (${sides}) GROUP BY side, value ORDER BY n DESC, value LIMIT ${MAX_VALUES} BY side SETTINGS ${GENTLE}`;
  const total = `SELECT count() AS n FROM ${quarantine} WHERE ${where} SETTINGS ${GENTLE}`;
  const options = { lane: 'read' as const, parameters: values.parameters };
  const [rows, counted] = await Promise.all([
    rowsOrNone<SideRow>(engine.run(statement, options)),
    rowsOrNone<{ n: string }>(engine.run(total, options)),
  ]);
  const of = (side: Side): ValueCount[] =>
    rows.filter((row) => row.side === side).map(({ value, n }) => ({ value, events: Number(n) }));
  return {
    total: Number(counted[0]?.n ?? 0),
    reasons: of('reason'),
    sources: of('source'),
    streams: of('stream'),
    parsers: of('parser'),
  };
}
