import type { BlockId } from '#event-model';
import type { StreamPart } from '#plugin-kit';
import { columnsOf } from '../schema/columns.js';
import { quoteName, tableNames } from '../schema/names.js';
import { AS_WRITTEN, renderParse } from '../schema/parse.js';
import { sealedValues } from '../schema/sealed-days.js';
import type { Source } from '../schema/step.js';
import { inPartition, ofBlocks, partitionId } from './part.js';

/** Why a row stays as it is although the type takes it: its time would be of another day. */
const OTHER_DAY = 'other_day';

/** One thread, behind acknowledgements. */
export const GENTLE = [
  'async_insert = 0',
  'max_threads = 1',
  'max_insert_threads = 1',
  'os_threads_nice_value_query = 10',
  ...AS_WRITTEN,
].join(', ');

/**
 * Reads the rows as the stream's view does, into a table in memory. In one statement with a filter behind it the engine
 * would work on the expressions for seconds, however few the rows.
 */
export function insertRead({ stream }: StreamPart, rows: Source): string {
  const columns = `block, row, received_at, source, ${sealedValues()}, line`;
  const names = [...columnsOf(stream.eventType).map(({ name }) => name), 'reason'].map(quoteName).join(', ');
  const parsed = renderParse(stream, `(SELECT ${columns}, original FROM ${rows.table})`);
  const { rewriteRead } = tableNames(stream.tenant, stream.name);
  return `INSERT INTO ${rewriteRead} (${names}) SELECT ${names} FROM (${parsed}) SETTINGS ${GENTLE}`;
}

/** Puts into the copy what the type took. Only rows that the part has, and with the client ids that they have there. */
export function insertTaken(part: StreamPart, blocks: readonly BlockId[]): string {
  const names = tableNames(part.stream.tenant, part.stream.name);
  const columns = columnsOf(part.stream.eventType).map(({ name }) => name);
  const values = columns.map((name) => {
    if (name === 'generation') return `toUInt16(${Math.trunc(part.generation)})`;
    return name === 'id' ? 'stored.id' : `fresh.${quoteName(name)}`;
  });
  const where = `${inPartition(partitionId(part))} AND ${ofBlocks(blocks)}`;
  const stored = `(SELECT block, row, id FROM ${names.stream} WHERE ${where}) AS stored`;
  const join = `INNER JOIN ${stored} ON fresh.block = stored.block AND fresh.row = stored.row`;
  const taken = `fresh.reason = '' AND toYYYYMMDD(fresh.timestamp) = ${Math.trunc(part.day)}`;
  return `INSERT INTO ${names.rewrite} (${columns.map(quoteName).join(', ')}) SELECT ${values.join(', ')} FROM ${names.rewriteRead} AS fresh ${join} WHERE ${taken} SETTINGS ${GENTLE}`;
}

/** The rows that {@link insertTaken} leaves away, with the reason. */
export function selectKept({ stream, day }: StreamPart): string {
  const { rewriteRead } = tableNames(stream.tenant, stream.name);
  const isOther = `toYYYYMMDD(timestamp) != ${Math.trunc(day)}`;
  return `SELECT lower(hex(block)) AS b, row, if(reason = '', '${OTHER_DAY}', reason) AS why FROM ${rewriteRead} WHERE reason != '' OR ${isOther} ORDER BY b, row`;
}

/** Copies rows of the blocks, those that the copy doesn't have yet, as they are. */
export function copyMissing(tables: Tables, partition: string, blocks: readonly BlockId[]): string {
  const { stream, copy } = tables;
  const there = `(SELECT block, row FROM ${copy} WHERE ${ofBlocks(blocks)})`;
  return `INSERT INTO ${copy} SELECT * FROM ${stream} WHERE ${inPartition(partition)} AND ${ofBlocks(blocks)} AND (block, row) NOT IN ${there} SETTINGS ${GENTLE}`;
}

/** How many rows of the blocks are otherwise in the copy, as `n`. */
export function countChanged(tables: Tables, partition: string, blocks: readonly BlockId[]): string {
  const { stream, copy } = tables;
  const there = `(SELECT block, row, cityHash64(formatRow('RowBinary', *)) FROM ${copy} WHERE ${ofBlocks(blocks)})`;
  return `SELECT count() AS n FROM ${stream} WHERE ${inPartition(partition)} AND ${ofBlocks(blocks)} AND (block, row, cityHash64(formatRow('RowBinary', *))) NOT IN ${there} SETTINGS max_threads = 1`;
}

/** Blocks that have another number of rows in the copy, as `b`. */
export function selectLacking({ stream, copy }: Tables, partition: string): string {
  const inPart = `(SELECT block, count() AS n FROM ${stream} WHERE ${inPartition(partition)} GROUP BY block)`;
  return `SELECT lower(hex(block)) AS b FROM ${inPart} WHERE (block, n) NOT IN (SELECT block, count() FROM ${copy} GROUP BY block) ORDER BY b`;
}

/** What tells whether two tables have the same rows by identity, as `n` and `h`. */
export function selectIdentities(table: string, where = '1'): string {
  return `SELECT count() AS n, sum(cityHash64(block, row)) AS h FROM ${table} WHERE ${where}`;
}

/** A stream's table and the copy of one of its partitions. */
export interface Tables {
  readonly stream: string;
  readonly copy: string;
}
