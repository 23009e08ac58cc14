import { rm } from 'node:fs/promises';
import type { BlockId, EventPlace } from '#event-model';
import type {
  AggregateQuery,
  AggregatingTier,
  BlockReadingTier,
  BlocksQuery,
  ClaimIds,
  CountingTier,
  EventQuery,
  FieldsQuery,
  FieldsTier,
  MeasuredTier,
  NewReason,
  ParquetQuery,
  ParquetTier,
  QuarantineFilter,
  QuarantineQuery,
  QuarantineTier,
  RollUpTier,
  ScanningTier,
  ScanQuery,
  SearchableTier,
  StreamSpec,
  TierBatch,
  TierContext,
  TierMeasures,
  WritableTier,
} from '#plugin-kit';
import type { Engine } from './engine/engine.js';
import { daysOfBlocks, rebuildDay, wrongDays } from './roll-ups.js';
import { removeRefused, renameRefused } from './quarantine/change-refused.js';
import { countRefused } from './quarantine/count-refused.js';
import { refusedLines, refusedPlaces } from './quarantine/refused-rows.js';
import { scanRefused } from './quarantine/scan-refused.js';
import { aggregateEvents } from './search/aggregate.js';
import { countBlocks, readBlocks } from './search/blocks.js';
import { describeFields } from './search/fields.js';
import { Outlines } from './search/outlines.js';
import { exportParquet, exportsDirectory } from './search/parquet-export.js';
import { scanEvents } from './search/scan.js';
import type { QuestionContext } from './search/question.js';
import { findEvent, searchEvents, type SearchContext } from './search/search.js';
import { searchQuarantine } from './search/quarantine.js';
import { countByMinute, countQuarantine, countRows } from './write/count.js';
import { clientIds, insertBatch, judgeBatch, refuseBatch, type InsertContext } from './write/insert.js';
import { PlainHabit } from './write/plain-habit.js';
import { prepareTables } from './write/prepare-tables.js';
import { presentRows } from './write/present.js';

/** The search tier: every power of a tier, each in a file of its own. */
export class ClickHouseTier
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
    MeasuredTier
{
  readonly name = 'clickhouse';
  readonly #writing: InsertContext;
  readonly #asking: QuestionContext & SearchContext;
  readonly #prepared = new Map<string, { readonly version: number; readonly done: Promise<void> }>();

  constructor(
    private readonly engine: Engine,
    private readonly context: TierContext,
  ) {
    this.#asking = { engine, memoryBytes: context.memoryBytes, outlines: new Outlines() };
    this.#writing = { ...context, engine, habit: new PlainHabit() };
  }

  /** A failed preparation is tried again at the next call. Who knows an older version of the type finds the newer tables. */
  prepare(stream: StreamSpec): Promise<void> {
    const id = `${stream.tenant}/${stream.name}`;
    const known = this.#prepared.get(id);
    const { version = 1 } = stream.eventType;
    if (known && known.version >= version) return known.done;
    const before = known?.done.catch(() => undefined) ?? Promise.resolve();
    const preparing = before.then(() => prepareTables(this.#writing, stream));
    const done = preparing.catch((error: unknown) => {
      if (this.#prepared.get(id)?.done === done) this.#prepared.delete(id);
      throw error;
    });
    this.#prepared.set(id, { version, done });
    return done;
  }

  async ping(): Promise<void> {
    await this.engine.run('SELECT 1', { lane: 'read' });
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

  search(query: EventQuery, signal?: AbortSignal) {
    return searchEvents(this.#asking, { ...query, streams: ownStreams(query.tenant, query.streams) }, signal);
  }

  find(tenant: string, streams: readonly StreamSpec[], place: EventPlace) {
    return findEvent(this.engine, ownStreams(tenant, streams), place);
  }

  scan(query: ScanQuery, signal?: AbortSignal) {
    return scanEvents(this.engine, { ...query, streams: ownStreams(query.tenant, query.streams) }, signal);
  }

  readBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return readBlocks(this.engine, query, signal);
  }

  countBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return countBlocks(this.engine, query, signal);
  }

  exportParquet(query: ParquetQuery, signal?: AbortSignal) {
    const own = { ...query, streams: ownStreams(query.tenant, query.streams) };
    return exportParquet(this.engine, own, exportsDirectory(this.context.dataDirectory), signal);
  }

  quarantine(query: QuarantineQuery) {
    return searchQuarantine(this.engine, query);
  }

  countRefused(filter: QuarantineFilter) {
    return countRefused(this.engine, filter);
  }

  scanRefused(filter: QuarantineFilter, signal?: AbortSignal) {
    return scanRefused(this.engine, filter, signal);
  }

  refusedPlaces(filter: QuarantineFilter, page: { readonly limit: number; readonly after?: EventPlace }) {
    return refusedPlaces(this.engine, filter, page);
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

  aggregate(query: AggregateQuery, signal?: AbortSignal) {
    const streams = ownStreams(query.tenant, query.streams);
    return aggregateEvents(this.#asking, { ...query, streams }, signal);
  }

  fields(query: FieldsQuery, signal?: AbortSignal) {
    const streams = ownStreams(query.tenant, query.streams);
    return describeFields(this.#asking, { ...query, streams }, signal);
  }

  async measure(): Promise<TierMeasures> {
    const merges = await this.engine.run('SELECT count() AS n FROM system.merges', { lane: 'read' });
    const parts = await this.engine.run(
      "SELECT sum(bytes_on_disk) AS bytes, count() AS n FROM system.parts WHERE active AND startsWith(database, 'tenant_')",
      { lane: 'read' },
    );
    const [size] = parts.rows<{ bytes: string; n: string }>();
    return {
      diskBytes: Number(size?.bytes ?? 0),
      activeParts: Number(size?.n ?? 0),
      runningMerges: Number(merges.rows<{ n: string }>()[0]?.n ?? 0),
    };
  }

  async stop(): Promise<void> {
    await this.engine.close();
    // An insert that was under way may still be removing its files.
    await rm(this.context.scratchDirectory, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }
}

/** A stream of another tenant is never read, whoever asked for it. */
function ownStreams(tenant: string, streams: readonly StreamSpec[]): readonly StreamSpec[] {
  return streams.filter((stream) => stream.tenant === tenant);
}
