import type { Block, BlockId, EventPlace } from '#event-model';
import {
  TierError,
  type ClaimIds,
  type IdentifiedEvent,
  type InsertReport,
  type QuarantinedRow,
  type RewriteReport,
  type StreamPart,
  type TierBatch,
  type TierTurn,
} from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { engineCode, TOO_MANY_PARTS } from '../engine/error-codes.js';
import { judgeRows } from '../quarantine/judge.js';
import { fillCopy } from '../rewrite/fill-copy.js';
import type { Source } from '../schema/step.js';
import { readClientIds } from './client-ids.js';
import { countRows } from './count.js';
import * as statements from './insert-statements.js';
import type { PlainHabit } from './plain-habit.js';
import { countPresent, presentPlaces } from './present.js';
import type { RowStaging, StagedRows } from './row-staging.js';

export interface InsertContext {
  readonly engine: Engine;
  readonly habit: PlainHabit;
  readonly staging: RowStaging;
  readonly reach: (faultPoint: string) => void;
  readonly asksOnly?: boolean;
  readonly turn?: TierTurn;
}

/** A batch whose blocks the engine can read. */
interface StagedBatch {
  readonly batch: TierBatch;
  readonly staged: StagedRows;
  /** The rows to store. */
  readonly rows: Source;
}

/** Stores a batch and says what became of its rows, counted in the tables. */
export async function insertBatch(
  context: InsertContext,
  batch: TierBatch,
  claim: ClaimIds = async () => [],
): Promise<InsertReport> {
  const { engine } = context;
  const left = withoutSkippedBlocks(batch);
  const expected = rowsIn(left);
  if (expected === 0) return { stored: 0, quarantined: [] };
  return withStaged(context, left, async (staged) => {
    context.reach('tier.after-block-files');
    const before = await countRows(engine, batch.stream);
    const added = async (): Promise<number> => (await countRows(engine, batch.stream)) - before;
    const plain = await insertPlain(context, staged, added);
    if (plain === expected) return { stored: expected, quarantined: [] };
    const rest = await claimed(engine, plain === undefined ? staged : others(staged), claim);
    await insertRows(context, rest);
    const stored = rowsIn(rest.batch);
    return (await added()) === stored ? { stored, quarantined: [] } : report(engine, rest.batch);
  });
}

/** The rows without those whose client id another event has. */
async function claimed(engine: Engine, from: StagedBatch, claim: ClaimIds): Promise<StagedBatch> {
  const { batch, staged, rows } = from;
  const known = await claim(await readClientIds(engine, batch, rows));
  if (known.length === 0) return from;
  const skip = [...batch.skip, ...known];
  return { ...from, batch: { ...batch, skip }, rows: await without(rows, staged, skip) };
}

/** The rows of a batch whose event has a client id. */
export function clientIds(context: InsertContext, batch: TierBatch): Promise<readonly IdentifiedEvent[]> {
  return withStaged(context, batch, ({ rows }) => readClientIds(context.engine, batch, rows));
}

/** Which of a batch's rows would be refused, and why. */
export function judgeBatch(context: InsertContext, batch: TierBatch): Promise<readonly QuarantinedRow[]> {
  return withStaged(context, batch, ({ rows }) => judgeRows(context.engine, batch.stream, rows));
}

/** Fills blocks into the copy of a part: the batch's rows as they are read now, all others as they are. */
export function rewriteBatch(
  context: InsertContext,
  part: StreamPart,
  ...[blocks, batch]: [blocks: readonly BlockId[], batch: TierBatch]
): Promise<RewriteReport> {
  const { engine } = context;
  if (rowsIn(batch) === 0) return fillCopy(engine, part, blocks, undefined);
  return withStaged(context, batch, ({ rows }) => fillCopy(engine, part, blocks, rows));
}

/** Puts a batch's rows into quarantine without a look at them. */
export async function refuseBatch(
  context: InsertContext,
  batch: TierBatch,
  reason: string,
): Promise<InsertReport> {
  return withStaged(context, batch, async ({ rows }) => {
    const statement = statements.insertRefused(batch.stream, rows, batch.token, reason);
    await context.engine.run(statement, { lane: 'write', session: rows.session });
    return countPresent(context.engine, batch);
  });
}

async function withStaged<T>(
  { staging }: InsertContext,
  batch: TierBatch,
  work: (batch: StagedBatch) => Promise<T>,
): Promise<T> {
  const staged = await staging.stage(batch.token, batch.blocks);
  try {
    const rows = await without(staged.rows, staged, batch.skip);
    return await work({ batch, staged, rows });
  } finally {
    await staged.remove();
  }
}

async function without(rows: Source, staged: StagedRows, skip: readonly EventPlace[]): Promise<Source> {
  return skip.length === 0
    ? rows
    : statements.rowsWhere(rows, `(block, row) NOT IN (${await staged.listRows(skip)})`);
}

/** Stores the plain lines where the stream's last batches had hardly any other; undefined where it left all as they are. */
async function insertPlain(
  { engine, habit, reach }: InsertContext,
  { batch, rows }: StagedBatch,
  added: () => Promise<number>,
): Promise<number | undefined> {
  if (!habit.tries(batch)) return undefined;
  try {
    const statement = statements.insertPlain(batch, rows, batch.token);
    await engine.run(statement, { lane: 'write', session: rows.session });
  } catch (error) {
    if (engineCode(error) !== TOO_MANY_PARTS) throw error;
    habit.saw(batch, 0, rowsIn(batch));
    return undefined;
  }
  const plain = await added();
  habit.saw(batch, plain, rowsIn(batch));
  reach('tier.after-plain-lines');
  return plain;
}

function others(staged: StagedBatch): StagedBatch {
  return { ...staged, rows: statements.otherRows(staged.batch.stream, staged.rows) };
}

/** A difference in the count is looked into row by row. */
async function report(engine: Engine, batch: TierBatch): Promise<InsertReport> {
  const present = await countPresent(engine, batch);
  if (present.stored + present.quarantined.length === rowsIn(batch)) return present;
  throw new TierError(
    'unavailable',
    `The engine took a batch of ${rowsIn(batch)} rows and has ${present.stored} of them and ${present.quarantined.length} in quarantine.`,
  );
}

async function insertRows({ engine }: InsertContext, staged: StagedBatch): Promise<void> {
  const { batch, rows } = staged;
  try {
    const statement = statements.insertThroughEntry(batch, rows, batch.token);
    await engine.run(statement, { lane: 'write', session: rows.session });
  } catch (error) {
    if (engineCode(error) !== TOO_MANY_PARTS) throw error;
    await insertDayByDay(engine, staged);
  }
}

/** The refused insert may have left its quarantined rows behind: what is there already is left out. */
async function insertDayByDay(engine: Engine, { batch, staged }: StagedBatch): Promise<void> {
  const { stream, token } = batch;
  const rows = await without(staged.rows, staged, [...batch.skip, ...(await presentPlaces(engine, batch))]);
  const { session } = staged.rows;
  const days = await daysOfRows(engine, statements.selectDays(stream, staged.rows), session);
  for (let n = 0; n < days.length; n += statements.MAX_DAYS) {
    const some = days.slice(n, n + statements.MAX_DAYS);
    const ofDays = statements.rowsOfDays(stream, rows, some);
    await engine.run(statements.insertThroughEntry(batch, ofDays, `${token}-days-${some[0]}`), {
      lane: 'write',
      session,
    });
  }
}

async function daysOfRows(
  engine: Engine,
  statement: string,
  session: string | undefined,
): Promise<readonly number[]> {
  const result = await engine.run(statement, { lane: 'write', session });
  return result.rows<{ day: number }>().map((row) => row.day);
}

function rowsIn({ blocks, skip }: TierBatch): number {
  return blocks.reduce((sum, { header }) => sum + header.count, 0) - skip.length;
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
