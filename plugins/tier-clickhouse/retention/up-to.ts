import type { BlockId } from '#event-model';
import { blockLiteral } from '../write/present.js';

/** The condition, behind others, that an event's block is none later than this one; none where it is undefined. */
export function upTo(through: BlockId | undefined): string {
  return through === undefined ? '' : ` AND block <= toFixedString(${blockLiteral(through)}, 16)`;
}
