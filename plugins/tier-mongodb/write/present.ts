import type { Filter } from 'mongodb';
import type { BlockId } from '#event-model';
import type { PresentRows, StreamSpec } from '#plugin-kit';
import { blockBytes, blockOf, type EventDocument } from '../documents/event-document.js';
import type { MongoStore } from '../store/mongo-store.js';

/** Which rows of these blocks the collections have, in the order asked. */
export async function presentRows(
  store: MongoStore,
  stream: StreamSpec,
  blocks: readonly BlockId[],
): Promise<readonly PresentRows[]> {
  if (blocks.length === 0) return [];
  const options = { projection: { block: 1, row: 1 }, readConcern: 'majority' } as const;
  const stored = new Map<BlockId, number[]>();
  for await (const { block, row } of store.events(stream).find(inBlocks(blocks), options))
    addTo(stored, blockOf(block), row);
  const refused = new Map<BlockId, { block: BlockId; row: number; reason: string }[]>();
  const rows = store
    .quarantine(stream.tenant)
    .find({ stream: stream.name, block: { $in: blocks.map(blockBytes) } }, { readConcern: 'majority' })
    .sort({ block: 1, row: 1 });
  for await (const { block, row, reason } of rows)
    addTo(refused, blockOf(block), { block: blockOf(block), row, reason });
  return blocks.map((block) => ({
    block,
    stored: (stored.get(block) ?? []).sort((a, b) => a - b),
    quarantined: refused.get(block) ?? [],
  }));
}

/** The events of some blocks, by the index that every collection has: an event's id begins with its block. */
export function inBlocks(blocks: readonly BlockId[]): Filter<EventDocument> {
  return { $or: blocks.map((block) => ({ _id: { $gte: `${block}-`, $lt: `${block}.` } })) };
}

function addTo<T>(groups: Map<BlockId, T[]>, block: BlockId, value: T): void {
  const group = groups.get(block);
  if (group) group.push(value);
  else groups.set(block, [value]);
}
