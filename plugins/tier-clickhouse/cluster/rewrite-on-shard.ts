import type { BlockId } from '#event-model';
import type { RewriteReport, StreamPart, TierBatch } from '#plugin-kit';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import { withBlocks } from './shard-batches.js';

/** Fills those of the blocks into a shard's copy of a part that the shard has. */
export async function rewriteOnShard(
  tier: ClickHouseTier,
  part: StreamPart,
  ...[blocks, batch]: [blocks: readonly BlockId[], batch: TierBatch]
): Promise<RewriteReport> {
  const present = await tier.present(part.stream, blocks);
  const own = present.filter(({ stored }) => stored.length > 0).map(({ block }) => block);
  if (own.length === 0) return { changed: 0, kept: [] };
  const ids = new Set<string>(own);
  return tier.rewrite(
    part,
    own,
    withBlocks(
      batch,
      batch.blocks.filter(({ header }) => ids.has(header.id)),
    ),
  );
}

/** The copy is that of all that the shard has; where it has nothing of the part, there is no place to take. */
export async function finishOnShard(tier: ClickHouseTier, part: StreamPart): Promise<void> {
  const units = await tier.storedUnits(part.stream);
  const has = units.some(({ day, generation }) => day === part.day && generation === part.generation);
  await (has ? tier.finishRewrite(part) : tier.abandonRewrite(part.stream));
}
