import { describe, expect, it } from 'vitest';
import { createBlockIdGenerator } from '#event-model';
import { Origins } from './origins.js';
import { PendingBlocks, type PendingBlock } from './pending-blocks.js';
import { makeBlock } from '../testing/make-block.js';
import { WarmBlocks } from './warm-blocks.js';

const nextId = createBlockIdGenerator();
const origins = new Origins();

function block(position: number, extra: Partial<PendingBlock> = {}): PendingBlock {
  const origin = origins.of(makeBlock('x').header);
  return { position, id: nextId(), origin, events: 2, bytes: 10, receivedAt: 1000, ...extra };
}

function withPositions(...positions: readonly number[]): PendingBlocks {
  const pending = new PendingBlocks();
  for (const position of positions) pending.add(block(position));
  return pending;
}

describe('pending blocks', () => {
  it('are found oldest first, over gaps', () => {
    const pending = withPositions(3, 4, 9, 1000);
    const found: number[] = [];
    for (let next = pending.next(0); next; next = pending.next(next.position)) found.push(next.position);
    expect(found).toEqual([3, 4, 9, 1000]);
  });

  it('have none behind the last, nor when all are gone', () => {
    const pending = withPositions(1, 2);
    expect(pending.next(2)).toBeUndefined();
    pending.remove(1);
    pending.remove(2);
    pending.remove(2);
    expect(pending.next(0)).toBeUndefined();
    expect(pending.backlog(0)).toEqual({ blocks: 0, bytes: 0, events: 0, ageMs: 0 });
  });

  it('are as old as the oldest that is left, and never younger than now', () => {
    const pending = withPositions(1);
    pending.add(block(2, { receivedAt: 4000 }));
    expect(pending.backlog(6000).ageMs).toBe(5000);
    pending.remove(1);
    expect([pending.backlog(6000).ageMs, pending.backlog(0).ageMs]).toEqual([2000, 0]);
  });

  it('wake everybody who waits for the same block', async () => {
    const pending = new PendingBlocks();
    const [one, two] = [block(1), block(2)];
    pending.add(one);
    pending.add(two);
    const both = pending.whenCommitted([one.id, two.id], 60_000);
    const first = pending.whenCommitted([one.id], 60_000);
    pending.remove(1);
    expect(await first).toBe(true);
    pending.remove(2);
    expect(await both).toBe(true);
  });
});

describe('warm blocks', () => {
  it('are handed out once, and only as many are kept as fit with the buffers they are part of', () => {
    const warm = new WarmBlocks(1000);
    const buffer = new Uint8Array(600);
    const { header } = makeBlock('x');
    warm.keep(1, { header, body: buffer.subarray(0, 10) });
    warm.keep(2, { header, body: new Uint8Array(600) });
    expect(warm.take(1)?.body.byteLength).toBe(10);
    expect([warm.take(1), warm.take(2)]).toEqual([undefined, undefined]);
    warm.keep(3, { header, body: new Uint8Array(1000) });
    expect(warm.take(3)).toBeDefined();
  });
});
