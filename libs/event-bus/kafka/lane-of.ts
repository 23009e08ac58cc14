import { createHash } from 'node:crypto';
import type { BlockHeader } from '#event-model';

/** The partition of a block: all of a stream's are in one, since a stream has a single writer. */
export function laneOf(
  { tenant, stream }: Pick<BlockHeader, 'tenant' | 'stream'>,
  partitions: number,
): number {
  return createHash('sha256').update(`${tenant}/${stream}`).digest().readUInt32BE(0) % partitions;
}
