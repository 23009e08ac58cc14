import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { BlockId } from '#event-model';
import type { MoveOrder } from '../quarantine/move-order.js';
import { FakeMover } from '../testing/fake-mover.js';
import { Scene, STREAM } from '../testing/scene.js';
import { MoveQueue } from './move-queue.js';

const ORDER: MoveOrder = { action: 'job', kind: 'replay', places: [] };
const BLOCK = 'a'.repeat(32) as BlockId;

async function start(catalogue = new MemoryCatalogue()) {
  const scope = await new Scene(catalogue).scope(1);
  const mover = new FakeMover();
  const pending = new Set<BlockId>();
  const isPending = (blocks: readonly BlockId[]): boolean => blocks.some((block) => pending.has(block));
  return { scope, mover, pending, queue: new MoveQueue(STREAM, scope, { mover, isPending }) };
}

describe('orders to a stream’s quarantine', () => {
  it('are carried out one at a time, in order', async () => {
    const { queue, mover } = await start();
    expect([queue.isEmpty, queue.isReady]).toEqual([true, false]);
    mover.report = { stored: 1, deduplicated: 2, dropped: 3, refused: 4 };
    const reports = [queue.add(ORDER), queue.add({ ...ORDER, action: 'second' })];
    await queue.runNext();
    expect(mover.orders.map(({ action }) => action)).toEqual(['job']);
    await queue.runNext();
    await queue.runNext();
    expect(await Promise.all(reports)).toEqual([mover.report, mover.report]);
    expect(queue.isEmpty).toBe(true);
  });

  it('wait until the blocks of the last batch are off the bus, by which those are told from new ones', async () => {
    const { queue, mover, pending, scope } = await start();
    await scope.state.before('b', [BLOCK]);
    await scope.state.after([]);
    pending.add(BLOCK);
    const report = queue.add(ORDER);
    await queue.runNext();
    expect([queue.isReady, mover.orders]).toEqual([false, []]);
    pending.clear();
    await queue.runNext();
    await report;
    expect(mover.orders).toHaveLength(1);
  });

  it('that fail are told of, and what they left is settled at once', async () => {
    const { queue, mover, scope } = await start();
    mover.during = async () => {
      await scope.state.beforeMove('m', { action: 'job', kind: 'replay', blocks: [] }, []);
      throw new Error('oh');
    };
    const failing = queue.add(ORDER).catch((error: unknown) => error);
    await queue.runNext();
    expect(await failing).toMatchObject({ message: 'oh' });
    expect(mover.settled).toBe(1);
  });

  it('that failed before anything began leave nothing to settle', async () => {
    const { queue, mover } = await start();
    mover.during = () => Promise.reject(new Error('oh'));
    const failing = queue.add(ORDER).catch((error: unknown) => error);
    await queue.runNext();
    expect(await failing).toMatchObject({ message: 'oh' });
    expect(mover.settled).toBe(0);
  });

  it('that a process left are settled before anything else', async () => {
    const catalogue = new MemoryCatalogue();
    const { scope } = await start(catalogue);
    await scope.state.beforeMove('m', { action: 'job', kind: 'resolve', blocks: [] }, []);
    const { queue, mover } = await start(catalogue);
    expect([queue.isUnfinished, queue.isEmpty, queue.isReady]).toEqual([true, false, true]);
    await queue.settle();
    expect(mover.settled).toBe(1);
  });

  it('are refused, to be given again, when the writer has ended', async () => {
    const { queue } = await start();
    const refused = queue.add(ORDER).catch((error: unknown) => error);
    queue.end();
    expect(await refused).toMatchObject({ code: 'writer_ended', retryable: true });
  });
});
