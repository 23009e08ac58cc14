import { createHash } from 'node:crypto';
import type { Block } from '#event-model';
import type { ShardKey, TierBatch } from '#plugin-kit';

/** What of a batch goes to one shard. */
export interface ShardBatch {
  /** From 0. */
  readonly shard: number;
  readonly batch: TierBatch;
}

/**
 * Divides a batch among shards, by nothing but the batch itself: a retry of it goes the same ways. Where its blocks go to one
 * shard it stays whole.
 */
export function shardBatches(batch: TierBatch, key: ShardKey, shards: number): readonly ShardBatch[] {
  const groups = new Map<number, Block[]>();
  for (const block of batch.blocks) {
    const shard = shardOf(keyText(batch, key, block), shards);
    groups.set(shard, [...(groups.get(shard) ?? []), block]);
  }
  if (groups.size <= 1) return [...groups.keys()].map((shard) => ({ shard, batch }));
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([shard, blocks]) => ({ shard, batch: withBlocks(batch, blocks) }));
}

/** A batch of some of its blocks. */
export function withBlocks(batch: TierBatch, blocks: readonly Block[]): TierBatch {
  const ids = new Set<string>(blocks.map(({ header }) => header.id));
  return { ...batch, blocks, skip: batch.skip.filter(({ block }) => ids.has(block)) };
}

/** The shard that a text stands for, from 0: evenly, and the same for ever as long as there are as many. */
export function shardOf(text: string, shards: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % shards;
}

function keyText({ stream, blocks }: TierBatch, key: ShardKey, { header }: Block): string {
  const place = `${stream.tenant}/${stream.name}`;
  if (key === 'stream') return place;
  if (key === 'block') return header.id;
  return key === 'source' ? `${place}/${header.source}` : (blocks[0]?.header.id ?? '');
}
