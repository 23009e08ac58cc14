import type { BlockId } from '#event-model';
import type { StreamPart } from '#plugin-kit';
import { quoteText } from '../schema/names.js';
import { blockLiteral } from '../write/present.js';

/** The engine's id of a part: of the key (day, generation). */
export function partitionId({ day, generation }: Pick<StreamPart, 'day' | 'generation'>): string {
  return `${Math.trunc(day)}-${Math.trunc(generation)}`;
}

/** Day and generation of a partition's id. */
export function partOfId(id: string): Pick<StreamPart, 'day' | 'generation'> {
  const [day, generation] = id.split('-');
  return { day: Number(day), generation: Number(generation) };
}

/** The condition that a row is of a partition. */
export function inPartition(id: string): string {
  return `_partition_id = ${quoteText(id)}`;
}

/** The condition that a row is of one of the blocks; a bloom filter finds them. */
export function ofBlocks(blocks: readonly BlockId[]): string {
  return `block IN (${blocks.map((block) => `toFixedString(${blockLiteral(block)}, 16)`).join(', ')})`;
}
