import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readReceived } from '../lmdb/received-counts.js';
import { makeBlock } from '../testing/index.js';
import type { BusRecord } from './records.js';
import { TopicIndex } from './topic-index.js';

let directory: string;
let index: TopicIndex;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alluvium-topic-index-'));
  index = TopicIndex.open(directory);
});
afterEach(async () => {
  await index.stop();
  rmSync(directory, { recursive: true, force: true });
});

const record = (offset: number, block = makeBlock(`text ${offset}`)): BusRecord => ({
  ...{ lane: 0, offset, block, idempotency: undefined },
});
const received = () =>
  readReceived(index.writer.stores, 0, Number.MAX_SAFE_INTEGER).map(({ events }) => events);
const waiting = () => index.waiting.in(0).map(({ offset }) => offset);

describe('the index of the topic', () => {
  it('has a record once that its producer and a reader tell of in one commit', async () => {
    const busy = index.nextEpoch();
    const [first, second] = [record(0), record(1)];
    await Promise.all([
      ...[busy, index.take([first])],
      ...[index.take([first, second], new Map([[0, 2]])), index.take([second])],
    ]);
    expect([index.waiting.pending.backlog(0).blocks, waiting(), received()]).toEqual([2, [0, 1], [2]]);
  });

  it('counts what another process has taken off by then, and does not wait for it; nor for a later copy of it', async () => {
    index.isDone = (_lane, offset) => offset < 2;
    const [done, later] = [record(1), record(2)];
    await index.take([record(0), done, later], new Map([[0, 3]]));
    await index.take([record(3, done.block)], new Map([[0, 4]]));
    expect([waiting(), received()]).toEqual([[2], [3]]);
    await index.stop();
    index = TopicIndex.open(directory);
    await index.take([record(4, done.block)], new Map([[0, 5]]));
    expect([waiting(), index.startOf(0), index.startWithout(0, new Set([2]))]).toEqual([[2], 2, 5]);
    expect(index.doneOf(0)).toEqual({ low: 2, done: [[3, 4]] });
  });

  it('calls nothing read or done that is in a commit under way', async () => {
    await index.take([record(0)], new Map([[0, 1]]));
    const taken = index.take([record(1)], new Map([[0, 2]]));
    expect([index.read.of(0), index.startWithout(0, new Set([0])), waiting()]).toEqual([1, 1, [0]]);
    await taken;
    expect([index.read.of(0), index.startWithout(0, new Set([0])), waiting()]).toEqual([2, 1, [0, 1]]);
  });

  it('takes a record after all whose commit failed', async () => {
    vi.spyOn(index.writer.stores, 'commit').mockRejectedValueOnce(new Error('the disk is full'));
    await expect(index.take([record(0)], new Map([[0, 1]]))).rejects.toThrow('the disk is full');
    await expect.poll(() => index.writer.fault).toBeUndefined();
    await index.take([record(0)], new Map([[0, 1]]));
    expect([waiting(), index.read.of(0)]).toEqual([[0], 1]);
  });
});
