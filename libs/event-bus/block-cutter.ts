import { BLOCK_MAX_BYTES, BLOCK_MAX_EVENTS } from '#event-model';

const LF = 10;

/** A part of a body that is a block's body: whole lines, not copied. */
export interface BlockCut {
  readonly body: Uint8Array;
  /** Lines. */
  readonly count: number;
}

/** Cuts LF-framed lines into parts of a block's size. A line longer than a block is a part of its own. */
export function cutIntoBlocks(body: Uint8Array, count: number): readonly BlockCut[] {
  if (body.byteLength <= BLOCK_MAX_BYTES && count <= BLOCK_MAX_EVENTS) return [{ body, count }];
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const cuts: BlockCut[] = [];
  for (let start = 0; start < bytes.length;) {
    const cut = cutOne(bytes, start);
    cuts.push(cut);
    start += cut.body.byteLength;
  }
  return cuts;
}

function cutOne(bytes: Buffer, start: number): BlockCut {
  const limit = start + BLOCK_MAX_BYTES;
  let end = start;
  let count = 0;
  while (end < bytes.length && count < BLOCK_MAX_EVENTS) {
    const next = bytes.indexOf(LF, end) + 1;
    if (next > limit && count > 0) break;
    end = next;
    count += 1;
  }
  return { body: bytes.subarray(start, end), count };
}
