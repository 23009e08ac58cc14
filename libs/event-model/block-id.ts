import { randomBytes } from 'node:crypto';

/** 128 bits as 32 lower-case hex digits; compares as text in the order of acceptance of one process. */
export type BlockId = string & { readonly __blockId: unique symbol };

const BLOCK_ID = /^[0-9a-f]{32}$/;

/** Reads a block id from text; undefined where it isn't one. */
export function parseBlockId(text: string): BlockId | undefined {
  return BLOCK_ID.test(text) ? (text as BlockId) : undefined;
}

/**
 * Makes time-ordered block ids: 48 bits of milliseconds, 16 bits of a counter within the millisecond, 64 random bits.
 * Ids of one generator strictly rise, also when the clock steps back.
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
    return (time + counter.toString(16).padStart(4, '0') + randomBytes(8).toString('hex')) as BlockId;
  };
}
