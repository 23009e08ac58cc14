import { randomBytes } from 'node:crypto';

/** 128 bits as 32 lower-case hex digits; compares as text in the order of acceptance of one process. */
export type BlockId = string & { readonly __blockId: unique symbol };

const BLOCK_ID = /^[0-9a-f]{32}$/;

/** Reads a block id from text; undefined where it isn't one. */
export function parseBlockId(text: string): BlockId | undefined {
  return BLOCK_ID.test(text) ? (text as BlockId) : undefined;
}

/**
 * Makes time-ordered block ids: 48 bits of milliseconds, 16 bits of a counter within the millisecond, 48 random bits, and
 * 16 bits for the place among the blocks of one request ({@link nthBlockId}). Ids of one generator strictly rise, also
 * when the clock steps back.
 */
export function createBlockIdGenerator(now: () => number = Date.now): () => BlockId {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const ms = Math.max(now(), lastMs);
    counter = ms === lastMs ? counter + 1 : 0;
    lastMs = ms;
    if (counter > 0xffff) {
      lastMs += 1;
      counter = 0;
    }
    const time = lastMs.toString(16).padStart(12, '0');
    return `${time}${counter.toString(16).padStart(4, '0')}${randomBytes(6).toString('hex')}0000` as BlockId;
  };
}

/** Most blocks that one request can be spread over. */
export const REQUEST_MAX_BLOCKS = 65_536;

/** The id of the nth block (from 0) of the request whose first block is `first`, an id fresh from a generator. */
export function nthBlockId(first: BlockId, n: number): BlockId {
  return (first.slice(0, 28) + n.toString(16).padStart(4, '0')) as BlockId;
}
