import type { BlockId, EventPlace } from '#event-model';
import {
  TierError,
  type AggregatingTier,
  type ArchivedFiles,
  type BlockReadingTier,
  type ClaimIds,
  type CountingTier,
  type ExportingTier,
  type FieldsTier,
  type InsertReport,
  type MeasuredTier,
  type NewReason,
  type ParquetTier,
  type QuarantineTier,
  type RestoringTier,
  type RollUpTier,
  type SavableTier,
  type ScanningTier,
  type SearchableTier,
  type StreamPart,
  type StreamSpec,
  type TierBatch,
  type TierCluster,
  type TierContext,
  type TierMeasures,
  type WritableTier,
} from '#plugin-kit';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import { Preparations } from '../preparations.js';
import { partitionId } from '../rewrite/part.js';
import { prepareDistributed } from './distributed-tables.js';
import type { Members } from './members.js';
import { allEnded } from './all-ended.js';
import { shardBatches, shardOf } from './shard-batches.js';
import { ShardedUnits } from './sharded-units.js';
import * as unite from './unite.js';

/**
 * The search tier over several servers, each with a shard of the events. Writing, and whatever is done to what is stored, is the
 * work of each shard's own tier, on its own tables; questions go to all shards through `Distributed` tables.
 */
export class ClusterTier
  extends ShardedUnits
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
    RestoringTier,
    ExportingTier,
    MeasuredTier,
    SavableTier
{
  readonly #prepared = new Preparations();

  constructor(
    members: Members,
    private readonly shardKeyOf: TierCluster['shardKeyOf'],
    context: TierContext,
  ) {
    super(members, context);
  }

  /** Every member that is out is named. */
  override async ping(): Promise<void> {
    const ends = await Promise.allSettled(this.members.all.map(({ tier }) => tier.ping()));
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).message] : []));
    if (reasons.length > 0) throw new TierError('unavailable', reasons.join(' '));
    await this.members.ordered();
  }

  /** The shards' own tables first, so that none lacks what is asked of all. */
  prepare(stream: StreamSpec): Promise<void> {
    return this.#prepared.of(stream, async () => {
      const members = await this.members.ordered();
      await allEnded(members.map(({ tier }) => tier.prepare(stream)));
      const { asksOnly = false } = this.context;
      await allEnded(
        members.map(({ engine }) => prepareDistributed({ engine, asksOnly }, stream, this.members.cluster)),
      );
    });
  }

  /** Where parts of the batch go to several shards, `claim` is asked about all of it before any is stored. */
  async insert(batch: TierBatch, claim?: ClaimIds): Promise<InsertReport> {
    const batches = await this.#batchesOf(batch);
    const [first] = batches;
    if (!first || batches.length === 1)
      return first ? first.tier.insert(first.batch, claim) : { stored: 0, quarantined: [] };
    const known = claim ? await claim(await this.members.any.tier.clientIds(batch)) : [];
    const inserts = batches.map(({ tier, batch: part }) =>
      tier.insert({ ...part, skip: [...part.skip, ...known.filter(isOf(part))] }),
    );
    return unitedInserts(await allEnded(inserts));
  }

  async refuse(batch: TierBatch, reason: string): Promise<InsertReport> {
    const batches = await this.#batchesOf(batch);
    return unitedInserts(await allEnded(batches.map(({ tier, batch: part }) => tier.refuse(part, reason))));
  }

  /** All are asked: a block may have come while there were more or fewer shards. */
  async present(stream: StreamSpec, blocks: readonly BlockId[]) {
    await this.prepare(stream);
    return unite.unitePresent(blocks, await this.each((tier) => tier.present(stream, blocks)));
  }

  async clientIds(batch: TierBatch) {
    return this.members.any.tier.clientIds(batch);
  }

  async daysOf(stream: StreamSpec, blocks: readonly BlockId[]) {
    return unite.uniteDays(await this.each((tier) => tier.daysOf(stream, blocks)));
  }

  async checkRollUps(stream: StreamSpec) {
    await this.prepare(stream);
    return unite.uniteDays(await this.each((tier) => tier.checkRollUps(stream)));
  }

  async rebuildRollUps(stream: StreamSpec, day: number): Promise<void> {
    await this.each((tier) => tier.rebuildRollUps(stream, day));
  }

  async count(stream: StreamSpec): Promise<number> {
    await this.prepare(stream);
    return unite.sum(await this.each((tier) => tier.count(stream)));
  }

  async countByMinute(stream: StreamSpec) {
    await this.prepare(stream);
    return unite.uniteMinutes(await this.each((tier) => tier.countByMinute(stream)));
  }

  async countQuarantine(tenant: string) {
    return unite.uniteMinutes(await this.each((tier) => tier.countQuarantine(tenant)));
  }

  async refusedLines(stream: StreamSpec, places: readonly EventPlace[]) {
    await this.prepare(stream);
    return unite.inOrder((await this.each((tier) => tier.refusedLines(stream, places))).flat());
  }

  async judge(batch: TierBatch) {
    return this.members.any.tier.judge(batch);
  }

  async removeRefused(stream: StreamSpec, places: readonly EventPlace[]): Promise<void> {
    await this.each((tier) => tier.removeRefused(stream, places));
  }

  async renameRefused(stream: StreamSpec, rows: readonly NewReason[]): Promise<void> {
    await this.each((tier) => tier.renameRefused(stream, rows));
  }

  /** The files go to one shard, the same at each try; what others have of the unit is in the files too. */
  async restoreUnit(part: StreamPart, unit: ArchivedFiles, signal?: AbortSignal): Promise<void> {
    await this.prepare(part.stream);
    const members = await this.members.ordered();
    const { tenant, name } = part.stream;
    const own = shardOf(`${tenant}/${name}/${partitionId(part)}`, members.length);
    await members[own]?.tier.restoreUnit(part, unit, signal);
    const others = members.filter((_, shard) => shard !== own);
    await allEnded(others.map(({ tier }) => tier.dropPart(part)));
  }

  async removeStream(stream: StreamSpec): Promise<void> {
    await this.each((tier) => tier.removeStream(stream));
    this.#prepared.forget(stream);
  }

  override async measure(): Promise<TierMeasures> {
    const measures = await this.each((tier) => tier.measure());
    return {
      diskBytes: unite.sum(measures.map(({ diskBytes }) => diskBytes)),
      activeParts: unite.sum(measures.map(({ activeParts }) => activeParts)),
      runningMerges: unite.sum(measures.map(({ runningMerges }) => runningMerges)),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.all.map(({ tier }) => tier.stop()));
  }

  /** What of a batch goes where. */
  async #batchesOf(
    batch: TierBatch,
  ): Promise<readonly { readonly batch: TierBatch; readonly tier: ClickHouseTier }[]> {
    await this.prepare(batch.stream);
    const members = await this.members.ordered();
    const key = this.shardKeyOf(batch.stream.eventType.name);
    return shardBatches(batch, key, members.length).map(({ shard, batch: part }) => ({
      batch: part,
      tier: (members[shard] ?? this.members.any).tier,
    }));
  }
}

function isOf({ blocks }: TierBatch): (place: EventPlace) => boolean {
  const ids = new Set<string>(blocks.map(({ header }) => header.id));
  return ({ block }) => ids.has(block);
}

function unitedInserts(reports: readonly InsertReport[]): InsertReport {
  return {
    stored: unite.sum(reports.map(({ stored }) => stored)),
    quarantined: reports.flatMap(({ quarantined }) => quarantined),
  };
}
