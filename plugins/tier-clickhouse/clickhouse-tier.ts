import type { BlockId, EventPlace } from '#event-model';
import type {
  AggregatingTier,
  ArchivedFiles,
  BlockReadingTier,
  ClaimIds,
  CountingTier,
  ExportingTier,
  FieldsTier,
  MeasuredTier,
  NewReason,
  ParquetTier,
  QuarantineTier,
  RestoringTier,
  RetainingTier,
  RewritingTier,
  RollUpTier,
  SavableTier,
  ScanningTier,
  SearchableTier,
  StreamPart,
  StreamSpec,
  TierBatch,
  TierContext,
  TimeSpan,
  WritableTier,
} from '#plugin-kit';
import { ClickHouseQuestions } from './clickhouse-questions.js';
import type { Engine } from './engine/engine.js';
import { Preparations } from './preparations.js';
import { daysOfBlocks, rebuildDay, wrongDays } from './roll-ups.js';
import { removeRefused, renameRefused } from './quarantine/change-refused.js';
import { refusedLines } from './quarantine/refused-rows.js';
import { dropPartition, removeUnit } from './retention/remove-unit.js';
import { countUnit, countUnitByMinute, storedUnits } from './retention/stored-units.js';
import { tableTtls } from './retention/table-ttls.js';
import { beginCopy, catchUp, copyOf, dropCopy } from './rewrite/fill-copy.js';
import { partitionId } from './rewrite/part.js';
import { restoreUnit } from './rewrite/restore-unit.js';
import { storedLines } from './rewrite/stored-lines.js';
import { blocksOfPart, storedParts } from './rewrite/stored-parts.js';
import { swapPart } from './rewrite/swap.js';
import { removeStream } from './schema/remove-stream.js';
import { EarlierInserts } from './server/earlier-inserts.js';
import { countByMinute, countQuarantine, countRows } from './write/count.js';
import {
  clientIds,
  insertBatch,
  judgeBatch,
  refuseBatch,
  rewriteBatch,
  type InsertContext,
} from './write/insert.js';
import { stageInFiles } from './write/block-files.js';
import { PlainHabit } from './write/plain-habit.js';
import type { RowStaging } from './write/row-staging.js';
import { prepareTables } from './write/prepare-tables.js';
import { presentRows } from './write/present.js';

/** The search tier: every power of a tier, each in a file of its own. */
export class ClickHouseTier
  extends ClickHouseQuestions
  implements
    WritableTier,
    RollUpTier,
    CountingTier,
    SearchableTier,
    ScanningTier,
    BlockReadingTier,
    ParquetTier,
    AggregatingTier,
    FieldsTier,
    QuarantineTier,
    RewritingTier,
    RetainingTier,
    RestoringTier,
    ExportingTier,
    MeasuredTier,
    SavableTier
{
  readonly name = 'clickhouse';
  readonly #writing: InsertContext;
  readonly #earlier = new EarlierInserts(this.engine);
  readonly #prepared = new Preparations();

  constructor(
    engine: Engine,
    context: TierContext,
    staging: RowStaging = stageInFiles(context.scratchDirectory),
  ) {
    super(engine, context);
    this.#writing = { ...context, engine, staging, habit: new PlainHabit() };
  }

  prepare(stream: StreamSpec): Promise<void> {
    return this.#prepared.of(stream, () => prepareTables(this.#writing, stream));
  }

  async insert(batch: TierBatch, claim?: ClaimIds) {
    await this.prepare(batch.stream);
    return insertBatch(this.#writing, batch, claim);
  }

  async refuse(batch: TierBatch, reason: string) {
    await this.prepare(batch.stream);
    return refuseBatch(this.#writing, batch, reason);
  }

  async present(stream: StreamSpec, blocks: readonly BlockId[]) {
    await this.prepare(stream);
    if (this.context.server) await this.#earlier.ended();
    return presentRows(this.engine, stream, blocks);
  }

  clientIds(batch: TierBatch) {
    return clientIds(this.#writing, batch);
  }

  daysOf(stream: StreamSpec, blocks: readonly BlockId[]) {
    return daysOfBlocks(this.engine, stream, blocks);
  }

  async checkRollUps(stream: StreamSpec) {
    await this.prepare(stream);
    return wrongDays(this.engine, stream);
  }

  rebuildRollUps(stream: StreamSpec, day: number) {
    return rebuildDay(this.engine, stream, day);
  }

  async count(stream: StreamSpec) {
    await this.prepare(stream);
    return countRows(this.engine, stream);
  }

  async countByMinute(stream: StreamSpec) {
    await this.prepare(stream);
    return countByMinute(this.engine, stream);
  }

  countQuarantine(tenant: string) {
    return countQuarantine(this.engine, tenant);
  }

  async refusedLines(stream: StreamSpec, places: readonly EventPlace[]) {
    await this.prepare(stream);
    return refusedLines(this.engine, stream, places);
  }

  async judge(batch: TierBatch) {
    await this.prepare(batch.stream);
    return judgeBatch(this.#writing, batch);
  }

  removeRefused(stream: StreamSpec, places: readonly EventPlace[]) {
    return removeRefused(this.engine, stream, places);
  }

  renameRefused(stream: StreamSpec, rows: readonly NewReason[]) {
    return renameRefused(this.engine, stream, rows);
  }

  async storedParts(stream: StreamSpec, span: TimeSpan) {
    await this.prepare(stream);
    return storedParts(this.engine, stream, span);
  }

  blocksOfPart(part: StreamPart, page: { readonly limit: number; readonly after?: BlockId }) {
    return blocksOfPart(this.engine, part, page);
  }

  storedLines(part: StreamPart, blocks: readonly BlockId[], span: TimeSpan) {
    return storedLines(this.engine, part, blocks, span);
  }

  async beginRewrite(part: StreamPart) {
    await this.prepare(part.stream);
    return beginCopy(this.engine, part);
  }

  rewrite(part: StreamPart, blocks: readonly BlockId[], batch: TierBatch) {
    return rewriteBatch(this.#writing, part, blocks, batch);
  }

  catchUpRewrite(part: StreamPart) {
    return catchUp(this.engine, copyOf(part), partitionId(part), 'read');
  }

  /** What fails in the middle is finished by the next preparation, which comes before anything is written. */
  async finishRewrite(part: StreamPart) {
    try {
      await swapPart(this.#writing, part);
    } catch (error) {
      this.#prepared.forget(part.stream);
      throw error;
    }
  }

  abandonRewrite(stream: StreamSpec) {
    return dropCopy(this.engine, stream);
  }

  async storedUnits(stream: StreamSpec) {
    await this.prepare(stream);
    return storedUnits(this.engine, stream);
  }

  tableTtls(tenant: string) {
    return tableTtls(this.engine, tenant);
  }

  countUnit(part: StreamPart, through?: BlockId) {
    return countUnit(this.engine, part, through);
  }

  countUnitByMinute(part: StreamPart, through: BlockId) {
    return countUnitByMinute(this.engine, part, through);
  }

  removeUnit(part: StreamPart, through: BlockId) {
    return removeUnit(this.engine, part, through);
  }

  async restoreUnit(part: StreamPart, unit: ArchivedFiles, signal?: AbortSignal) {
    await this.prepare(part.stream);
    await restoreUnit(this.#writing, part, unit, signal);
  }

  /** Drops a partition as a whole, of which another shard has every event. */
  async dropPart(part: StreamPart): Promise<void> {
    await this.prepare(part.stream);
    await dropPartition(this.engine, part);
  }

  async removeStream(stream: StreamSpec) {
    await removeStream(this.engine, stream);
    this.#prepared.forget(stream);
  }

  async stop(): Promise<void> {
    await this.engine.close();
    await this.#writing.staging.clear();
  }
}
