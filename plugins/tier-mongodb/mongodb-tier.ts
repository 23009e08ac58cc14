import type { BlockId, EventPlace } from '#event-model';
import {
  TierError,
  type AggregateQuery,
  type AggregatingTier,
  type AskedStream,
  type BlockReadingTier,
  type BlocksQuery,
  type ClaimIds,
  type CopyingTier,
  type CountingTier,
  type EventQuery,
  type NewReason,
  type QuarantineFilter,
  type QuarantineQuery,
  type QuarantineTier,
  type RetainingTier,
  type RollUpTier,
  type SavableTier,
  type ScanPiece,
  type ScanningTier,
  type ScanQuery,
  type SearchableTier,
  type StreamPart,
  type StreamSpec,
  type TierBatch,
  type TierServer,
  type WritableTier,
} from '#plugin-kit';
import { copiedBlocks, strayBlocks } from './copies/copied-blocks.js';
import { copyBlocks } from './copies/copy-blocks.js';
import { rebuildDay, wrongDays } from './counts/mend-counts.js';
import { countByMinute, countEvents, daysOfBlocks } from './counts/read-counts.js';
import { removeRefused, renameRefused } from './quarantine/change-refused.js';
import {
  countQuarantine,
  countRefused,
  quarantinePage,
  refusedLines,
  refusedPlaces,
  scanRefused,
} from './quarantine/read-refused.js';
import { collectionTtls, countUnit, countUnitByMinute, removeUnit, storedUnits } from './retention/units.js';
import { aggregateCounts } from './search/aggregate-counts.js';
import { findEvent } from './search/find.js';
import { countInBlocks, readBlocks, scanEvents } from './search/scan.js';
import { searchEvents } from './search/search.js';
import { MongoStore } from './store/mongo-store.js';
import { prepareCollections } from './store/prepare-collections.js';
import { clientIdsOf, insertBatch, judgeBatch, refuseBatch } from './write/insert-batch.js';
import { presentRows } from './write/present.js';

/** The documents tier: each of its powers in a file of its own. */
export class MongoTier
  implements
    WritableTier,
    RollUpTier,
    CountingTier,
    SearchableTier,
    ScanningTier,
    AggregatingTier,
    BlockReadingTier,
    QuarantineTier,
    RetainingTier,
    CopyingTier,
    SavableTier
{
  readonly name = 'mongodb';
  readonly #store: MongoStore;
  readonly #prepared = new Map<string, { readonly version: number; readonly done: Promise<void> }>();

  constructor(server: TierServer) {
    this.#store = new MongoStore(server);
  }

  /** A failed preparation is tried again at the next call; a newer version of the type may have newer indexes. */
  prepare(stream: StreamSpec): Promise<void> {
    const id = `${stream.tenant}/${stream.name}`;
    const { version = 1 } = stream.eventType;
    const known = this.#prepared.get(id);
    if (known && known.version >= version) return known.done;
    const done = this.#store.use(() => prepareCollections(this.#store, stream));
    this.#prepared.set(id, { version, done });
    done.catch(() => {
      if (this.#prepared.get(id)?.done === done) this.#prepared.delete(id);
    });
    return done;
  }

  ping() {
    return this.#store.ping();
  }

  stop() {
    return this.#store.stop();
  }

  insert(batch: TierBatch, claim?: ClaimIds) {
    return this.#after(batch.stream, () => insertBatch(this.#store, batch, claim));
  }

  refuse(batch: TierBatch, reason: string) {
    return this.#after(batch.stream, () => refuseBatch(this.#store, batch, reason));
  }

  present(stream: StreamSpec, blocks: readonly BlockId[]) {
    return this.#after(stream, () => presentRows(this.#store, stream, blocks));
  }

  clientIds(batch: TierBatch) {
    return clientIdsOf(batch);
  }

  judge(batch: TierBatch) {
    return judgeBatch(batch);
  }

  daysOf(stream: StreamSpec, blocks: readonly BlockId[]) {
    return this.#store.use(() => daysOfBlocks(this.#store, stream, blocks));
  }

  checkRollUps(stream: StreamSpec) {
    return this.#after(stream, () => wrongDays(this.#store, stream));
  }

  rebuildRollUps(stream: StreamSpec, day: number) {
    return this.#after(stream, () => rebuildDay(this.#store, stream, day));
  }

  count(stream: StreamSpec) {
    return this.#store.use(() => countEvents(this.#store, stream));
  }

  countByMinute(stream: StreamSpec) {
    return this.#store.use(() => countByMinute(this.#store, stream));
  }

  countQuarantine(tenant: string) {
    return this.#store.use(() => countQuarantine(this.#store, tenant));
  }

  search(query: EventQuery, signal?: AbortSignal) {
    return this.#store.use(() => searchEvents(this.#store, ofTenant(query), signal));
  }

  find(tenant: string, streams: readonly AskedStream[], place: EventPlace) {
    const own = ofTenant({ tenant, streams });
    return this.#store.use(() => findEvent(this.#store, own.streams, place));
  }

  aggregate(query: AggregateQuery, signal?: AbortSignal) {
    return this.#store.use(() => aggregateCounts(this.#store, ofTenant(query), signal));
  }

  scan(query: ScanQuery, signal?: AbortSignal) {
    return this.#store.stream(() => scanEvents(this.#store, ofTenant(query), signal));
  }

  readBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return this.#store.stream(() => readBlocks(this.#store, query, signal));
  }

  countBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return this.#store.use(() => countInBlocks(this.#store, query, signal));
  }

  quarantine(query: QuarantineQuery) {
    return this.#store.use(() => quarantinePage(this.#store, query));
  }

  countRefused(filter: QuarantineFilter) {
    return this.#store.use(() => countRefused(this.#store, filter));
  }

  scanRefused(filter: QuarantineFilter, signal?: AbortSignal) {
    return this.#store.stream(() => scanRefused(this.#store, filter, signal));
  }

  refusedPlaces(filter: QuarantineFilter, page: { readonly limit: number; readonly after?: EventPlace }) {
    return this.#store.use(() => refusedPlaces(this.#store, filter, page));
  }

  refusedLines(stream: StreamSpec, places: readonly EventPlace[]) {
    return this.#store.use(() => refusedLines(this.#store, stream, places));
  }

  removeRefused(stream: StreamSpec, places: readonly EventPlace[]) {
    return this.#store.use(() => removeRefused(this.#store, stream, places));
  }

  renameRefused(stream: StreamSpec, rows: readonly NewReason[]) {
    return this.#store.use(() => renameRefused(this.#store, stream, rows));
  }

  storedUnits(stream: StreamSpec) {
    return this.#store.use(() => storedUnits(this.#store, stream));
  }

  tableTtls(tenant: string) {
    return this.#store.use(() => collectionTtls(this.#store, tenant));
  }

  countUnit(part: StreamPart, through?: BlockId) {
    return this.#store.use(() => countUnit(this.#store, part, through));
  }

  countUnitByMinute(part: StreamPart, through: BlockId) {
    return this.#store.use(() => countUnitByMinute(this.#store, part, through));
  }

  removeUnit(part: StreamPart, through: BlockId) {
    return this.#store.use(() => removeUnit(this.#store, part, through));
  }

  copyBlocks(stream: StreamSpec, blocks: readonly BlockId[], lines: AsyncIterable<ScanPiece>) {
    return this.#after(stream, () => copyBlocks(this.#store, stream, blocks, lines));
  }

  copiedBlocks(...[stream, of]: Parameters<CopyingTier['copiedBlocks']>) {
    return this.#after(stream, () => copiedBlocks(this.#store, stream, of));
  }

  strayBlocks(stream: StreamSpec) {
    return this.#after(stream, () => strayBlocks(this.#store, stream));
  }

  /** @throws TierError `config`: MongoDB has means of its own. */
  async saveTo(): Promise<void> {
    throw new TierError('config', 'Documents are kept on MongoDB, which is backed up with its own means.');
  }

  async #after<R>(stream: StreamSpec, work: () => Promise<R>): Promise<R> {
    await this.prepare(stream);
    return this.#store.use(work);
  }
}

/** Whoever's streams are asked about: only those of the tenant that asks are looked into. */
function ofTenant<T extends { readonly tenant: string; readonly streams: readonly AskedStream[] }>(
  query: T,
): T {
  return { ...query, streams: query.streams.filter(({ tenant }) => tenant === query.tenant) };
}
