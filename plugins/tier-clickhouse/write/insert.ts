import type { Block, EventPlace } from '#event-model';
import { TierError, type InsertReport, type StreamSpec, type TierBatch } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { engineCode, TOO_MANY_PARTS } from '../engine/error-codes.js';
import { quoteText, tableNames } from '../schema/names.js';
import { timeLevels } from '../schema/parse.js';
import { nestLevels } from '../schema/step.js';
import { BlockFiles, FILE_COLUMNS } from './block-files.js';
import { countRows } from './count.js';
import { countPresent, presentPlaces } from './present.js';

/** Days that one insert may touch: each is a part, and an insert is atomic only part by part. */
const MAX_DAYS = 50;
const DAY = 'toYYYYMMDD(_event_time)';

/**
 * Makes a repeat with the same token and bytes change nothing while the process lives: one thread and one block, so that
 * the parts are the same; nothing asynchronous, nothing skipped.
 */
export const INSERT_SETTINGS: readonly string[] = [
  'async_insert = 0',
  'max_threads = 1',
  'max_insert_threads = 1',
  'min_insert_block_size_rows = 100000000',
  'min_insert_block_size_bytes = 0',
  "deduplicate_insert = 'enable'",
  'deduplicate_blocks_in_dependent_materialized_views = 1',
  'materialized_views_ignore_errors = 0',
  // Rewriting the views' expressions costs more than it saves: it takes a small insert from 60 ms to 300 ms.
  'optimize_and_compare_chain = 0',
  'query_plan_merge_expressions = 0',
  'compile_expressions = 0',
  `max_partitions_per_insert_block = ${MAX_DAYS}`,
  'throw_on_max_partitions_per_insert_block = 1',
];

export interface InsertContext {
  readonly engine: Engine;
  readonly scratchDirectory: string;
  readonly reach: (faultPoint: string) => void;
}

/** Stores a batch and says what became of its rows, counted in the tables. */
export async function insertBatch(context: InsertContext, batch: TierBatch): Promise<InsertReport> {
  const left = withoutSkippedBlocks(batch);
  if (left.blocks.length === 0) return { stored: 0, quarantined: [] };
  const files = await BlockFiles.write(context.scratchDirectory, batch.token, left.blocks);
  try {
    context.reach('tier.after-block-files');
    const before = await countRows(context.engine, batch.stream);
    await insertFiles(context.engine, left, files);
    return await report(context.engine, left, before);
  } finally {
    await files.remove();
  }
}

/** Puts a batch's rows into quarantine without a look at them. */
export async function refuseBatch(
  context: InsertContext,
  batch: TierBatch,
  reason: string,
): Promise<InsertReport> {
  const { engine, scratchDirectory } = context;
  const files = await BlockFiles.write(scratchDirectory, batch.token, batch.blocks);
  try {
    const skip = await skipCondition(files, batch.skip);
    const { quarantine } = tableNames(batch.stream.tenant, batch.stream.name);
    const columns = `block, row, received_at, ${quoteText(batch.stream.name)}, source, ${quoteText(reason)}, line`;
    const settings = insertSettings(`${batch.token}-refused`);
    const where = skip === '' ? '' : ` WHERE ${skip}`;
    const statement = `INSERT INTO ${quarantine} SELECT ${columns} FROM ${rowsOf(files)}${where} SETTINGS ${settings}`;
    await engine.run(statement, { lane: 'write' });
    return await countPresent(engine, batch);
  } finally {
    await files.remove();
  }
}

/** The clean case costs one count; any difference is looked into row by row. */
async function report(engine: Engine, batch: TierBatch, before: number): Promise<InsertReport> {
  const expected = batch.blocks.reduce((sum, block) => sum + block.header.count, 0) - batch.skip.length;
  const added = (await countRows(engine, batch.stream)) - before;
  if (added === expected) return { stored: added, quarantined: [] };
  const present = await countPresent(engine, batch);
  if (present.stored + present.quarantined.length === expected) return present;
  throw new TierError(
    'unavailable',
    `The engine took a batch of ${expected} rows and has ${present.stored} of them and ${present.quarantined.length} in quarantine.`,
  );
}

async function insertFiles(engine: Engine, batch: TierBatch, files: BlockFiles): Promise<void> {
  try {
    const skip = await skipCondition(files, batch.skip);
    await engine.run(insertStatement(batch.stream, files, batch.token, [skip]), { lane: 'write' });
  } catch (error) {
    if (engineCode(error) !== TOO_MANY_PARTS) throw error;
    await insertDayByDay(engine, batch, files);
  }
}

/** The refused insert may have left its quarantined rows behind: what is there already is left out. */
async function insertDayByDay(engine: Engine, batch: TierBatch, files: BlockFiles): Promise<void> {
  const skip = await skipCondition(files, [...batch.skip, ...(await presentPlaces(engine, batch))]);
  const days = await daysOfFiles(engine, batch.stream, files);
  for (let n = 0; n < days.length; n += MAX_DAYS) {
    const some = days.slice(n, n + MAX_DAYS);
    const inSome = `${DAY} IN (${some.join(', ')})`;
    const token = `${batch.token}-days-${some[0]}`;
    await engine.run(insertStatement(batch.stream, files, token, [skip, inSome]), { lane: 'write' });
  }
}

async function daysOfFiles(
  engine: Engine,
  stream: StreamSpec,
  files: BlockFiles,
): Promise<readonly number[]> {
  const from = `(SELECT line, ${FILE_COLUMNS.receivedAt} AS received_at FROM ${files.table})`;
  const rows = nestLevels(
    timeLevels(stream.eventType),
    { table: from, columns: ['line', 'received_at'] },
    DAY,
  );
  const result = await engine.run(`SELECT DISTINCT ${DAY} AS day FROM ${rows} ORDER BY day`, {
    lane: 'write',
  });
  return result.rows<{ day: number }>().map((row) => row.day);
}

async function skipCondition(files: BlockFiles, skip: readonly EventPlace[]): Promise<string> {
  return skip.length === 0 ? '' : `(block, row) NOT IN (${await files.writeRows(skip)})`;
}

function insertStatement(
  stream: StreamSpec,
  files: BlockFiles,
  ...[token, conditions]: [token: string, conditions: readonly string[]]
): string {
  const where = conditions.filter((condition) => condition !== '').join(' AND ');
  const rows = rowsOf(files);
  const source = { table: rows, columns: ['block', 'row', 'received_at', 'source', 'line'] };
  const wanted = `${source.columns.join(', ')}, ${where}`;
  const from = where.includes(DAY) ? nestLevels(timeLevels(stream.eventType), source, wanted) : rows;
  return `INSERT INTO ${tableNames(stream.tenant, stream.name).entry} SELECT block, row, received_at, source, CAST(map(), 'Map(UInt32, UInt16)'), line FROM ${from}${where === '' ? '' : ` WHERE ${where}`} SETTINGS ${insertSettings(token)}`;
}

/** The rows of the files as the entry table has them. */
function rowsOf(files: BlockFiles): string {
  const { block, row, receivedAt, source } = FILE_COLUMNS;
  return `(SELECT ${block} AS block, ${row} AS row, ${receivedAt} AS received_at, ${source} AS source, line FROM ${files.table})`;
}

function insertSettings(token: string): string {
  return [...INSERT_SETTINGS, `insert_deduplication_token = ${quoteText(token)}`].join(', ');
}

/** Blocks of which every row is to be left out are not read at all. */
function withoutSkippedBlocks(batch: TierBatch): TierBatch {
  if (batch.skip.length === 0) return batch;
  const skipped = new Map<string, number>();
  for (const { block } of batch.skip) skipped.set(block, (skipped.get(block) ?? 0) + 1);
  const isLeft = ({ header }: Block): boolean => (skipped.get(header.id) ?? 0) < header.count;
  const blocks = batch.blocks.filter(isLeft);
  const kept = new Set<string>(blocks.map(({ header }) => header.id));
  return { ...batch, blocks, skip: batch.skip.filter(({ block }) => kept.has(block)) };
}
