import type { StreamSpec, TierBatch } from '#plugin-kit';
import { columnsOf } from '../schema/columns.js';
import { quoteName, quoteText, tableNames } from '../schema/names.js';
import { AS_WRITTEN, timeLevels } from '../schema/parse.js';
import { selectOthers, selectPlain } from '../schema/plain-lines.js';
import { sealedValues } from '../schema/sealed-days.js';
import { nestLevels, type Source } from '../schema/step.js';
import { REFUSED_BYTES, refusedParser } from '../schema/text-lines.js';

/** Days that one insert may touch: each is a part, and an insert is atomic only part by part. */
export const MAX_DAYS = 50;
const DAY = 'toYYYYMMDD(_event_time)';

/**
 * Makes a repeat with the same token and bytes change nothing while the process lives: one thread and one block, so that
 * the parts are the same; nothing asynchronous, nothing skipped.
 */
const INSERT_SETTINGS: readonly string[] = [
  'async_insert = 0',
  // Files are small: handing their pieces to other threads costs more than it saves.
  'input_format_parallel_parsing = 0',
  'max_threads = 1',
  'max_insert_threads = 1',
  'min_insert_block_size_rows = 100000000',
  'min_insert_block_size_bytes = 0',
  "deduplicate_insert = 'enable'",
  'deduplicate_blocks_in_dependent_materialized_views = 1',
  'materialized_views_ignore_errors = 0',
  // Acknowledgements come first where the system lets a process change its priority (CAP_SYS_NICE; else without effect).
  'os_threads_nice_value_query = 10',
  ...AS_WRITTEN,
  `max_partitions_per_insert_block = ${MAX_DAYS}`,
  'throw_on_max_partitions_per_insert_block = 1',
];

/** Where rows go. */
type Target = Pick<TierBatch, 'stream' | 'sealed'>;

/** Those of the rows that meet a condition. */
export function rowsWhere(rows: Source, condition: string): Source {
  const table = `(SELECT ${rows.columns.join(', ')} FROM ${rows.table} WHERE ${condition})`;
  return { ...rows, table };
}

/** Those of the rows that are not plain lines. */
export function otherRows(stream: StreamSpec, rows: Source): Source {
  return { ...rows, table: `(${selectOthers(stream, rows)})` };
}

/** Those of the rows whose event is of one of the days (`YYYYMMDD`, UTC). */
export function rowsOfDays({ eventType }: StreamSpec, rows: Source, days: readonly number[]): Source {
  const columns = rows.columns.join(', ');
  const condition = `${DAY} IN (${days.join(', ')})`;
  const from = nestLevels(timeLevels(eventType), rows, `${columns}, ${condition}`);
  return { ...rows, table: `(SELECT ${columns} FROM ${from} WHERE ${condition})` };
}

/** The days that the rows touch, as `day`. */
export function selectDays({ eventType }: StreamSpec, rows: Source): string {
  const from = nestLevels(timeLevels(eventType), rows, DAY);
  return `SELECT DISTINCT ${DAY} AS day FROM ${from} ORDER BY day`;
}

/** Stores the plain lines of the rows, and leaves the others away. */
export function insertPlain({ stream, sealed }: Target, rows: Source, token: string): string {
  const names = columnsOf(stream.eventType).map(({ name }) => quoteName(name));
  const table = tableNames(stream.tenant, stream.name).stream;
  return `INSERT INTO ${table} (${names.join(', ')}) ${selectPlain(stream, rows, sealed)} ${settings(`${token}-plain`)}`;
}

/** Hands the rows to the entry table, whose views store or refuse them. */
export function insertThroughEntry({ stream, sealed }: Target, rows: Source, token: string): string {
  const { tenant, name } = stream;
  const columns = `block, row, received_at, source, ${sealedValues(sealed)}, line, original`;
  return `INSERT INTO ${tableNames(tenant, name).entry} SELECT ${columns} FROM ${rows.table} ${settings(token)}`;
}

/** Puts the rows into quarantine for this reason. */
export function insertRefused(
  { tenant, name }: StreamSpec,
  rows: Source,
  ...[token, reason]: [token: string, reason: string]
): string {
  const parser = refusedParser(quoteText(reason));
  const columns = `block, row, received_at, ${quoteText(name)}, source, ${quoteText(reason)}, ${parser}, ${REFUSED_BYTES}`;
  return `INSERT INTO ${tableNames(tenant, name).quarantine} (block, row, received_at, stream, source, reason, parser, raw) SELECT ${columns} FROM ${rows.table} ${settings(`${token}-refused`)}`;
}

function settings(token: string): string {
  return `SETTINGS ${[...INSERT_SETTINGS, `insert_deduplication_token = ${quoteText(token)}`].join(', ')}`;
}
