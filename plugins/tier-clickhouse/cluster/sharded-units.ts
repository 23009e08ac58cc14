import type { BlockId } from '#event-model';
import type {
  RetainingTier,
  RewritingTier,
  StreamPart,
  StreamSpec,
  TableTtl,
  TierBatch,
  TierContext,
  TimeSpan,
} from '#plugin-kit';
import { ClickHouseQuestions } from '../clickhouse-questions.js';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import { allEnded } from './all-ended.js';
import { DistributedEngine } from './distributed-engine.js';
import type { Members } from './members.js';
import { finishOnShard, rewriteOnShard } from './rewrite-on-shard.js';
import * as unite from './unite.js';

/** What is done to what shards have by the partition: each does it with its own, and their answers are united. */
export abstract class ShardedUnits extends ClickHouseQuestions implements RewritingTier, RetainingTier {
  readonly name = 'clickhouse';

  constructor(
    protected readonly members: Members,
    context: TierContext,
  ) {
    super(new DistributedEngine(members), context);
  }

  abstract stop(): Promise<void>;

  async storedParts(stream: StreamSpec, span: TimeSpan) {
    await this.prepare(stream);
    return unite.uniteParts(await this.each((tier) => tier.storedParts(stream, span)));
  }

  async blocksOfPart(part: StreamPart, page: { readonly limit: number; readonly after?: BlockId }) {
    return unite.uniteBlocks(await this.each((tier) => tier.blocksOfPart(part, page)), page.limit);
  }

  async storedLines(part: StreamPart, blocks: readonly BlockId[], span: TimeSpan) {
    return unite.inOrder((await this.each((tier) => tier.storedLines(part, blocks, span))).flat());
  }

  async beginRewrite(part: StreamPart): Promise<void> {
    await this.prepare(part.stream);
    await this.each((tier) => tier.beginRewrite(part));
  }

  async rewrite(part: StreamPart, blocks: readonly BlockId[], batch: TierBatch) {
    return unite.uniteRewrites(await this.each((tier) => rewriteOnShard(tier, part, blocks, batch)));
  }

  async catchUpRewrite(part: StreamPart): Promise<number> {
    return unite.sum(await this.each((tier) => tier.catchUpRewrite(part)));
  }

  async finishRewrite(part: StreamPart): Promise<void> {
    await this.each((tier) => finishOnShard(tier, part));
  }

  async abandonRewrite(stream: StreamSpec): Promise<void> {
    await this.each((tier) => tier.abandonRewrite(stream));
  }

  async storedUnits(stream: StreamSpec) {
    await this.prepare(stream);
    return unite.uniteUnits(await this.each((tier) => tier.storedUnits(stream)));
  }

  async tableTtls(tenant: string): Promise<readonly TableTtl[]> {
    const found = (await this.each((tier) => tier.tableTtls(tenant))).flat();
    return [...new Map(found.map((ttl) => [`${ttl.stream} ${ttl.ttl}`, ttl])).values()];
  }

  async countUnit(part: StreamPart, through?: BlockId) {
    return unite.uniteCounted(await this.each((tier) => tier.countUnit(part, through)));
  }

  async countUnitByMinute(part: StreamPart, through: BlockId) {
    return unite.uniteMinutes(await this.each((tier) => tier.countUnitByMinute(part, through)));
  }

  async removeUnit(part: StreamPart, through: BlockId): Promise<void> {
    await this.each((tier) => tier.removeUnit(part, through));
  }

  /** Each shard's answer, when all have ended. */
  protected async each<T>(work: (tier: ClickHouseTier) => Promise<T>): Promise<T[]> {
    const members = await this.members.ordered();
    return allEnded(members.map(({ tier }) => work(tier)));
  }
}
