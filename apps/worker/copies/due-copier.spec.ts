import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { createBlockIdGenerator, type BlockId } from '#event-model';
import { TierError, type StreamSpec } from '#plugin-kit';
import { CopiesDue, type CopyWork } from '#storage-tier';
import { FakeLogger, STREAM } from '../testing/scene.js';
import { reportOf } from './copies-health.js';
import { DueCopier } from './due-copier.js';

const BOTH: StreamSpec = { ...STREAM, storedIn: 'both' };
const nextId = createBlockIdGenerator();

describe('the copier of what is due', () => {
  let catalogue: MemoryCatalogue;
  let due: CopiesDue;
  let copied: CopyWork[];
  let failure: ((work: CopyWork) => Error | undefined) | undefined;
  let now: number;
  let copier: DueCopier;
  beforeEach(() => {
    [copied, failure, now] = [[], undefined, 1_000];
    catalogue = new MemoryCatalogue();
    due = new CopiesDue(catalogue, () => now);
    copier = new DueCopier({
      ...{ due, turn: new Promise<void>(() => undefined), now: () => now, logger: new FakeLogger() },
      streams: { find: async () => BOTH },
      reach: () => undefined,
      copier: {
        copy: async (_stream, work) => {
          const error = failure?.(work);
          if (error) throw error;
          copied.push(work);
          return { written: 1, removed: 0 };
        },
      },
    });
  });
  const add = async (change: string): Promise<BlockId> => {
    const block = nextId();
    await catalogue.write(due.changesFor(BOTH, change, [block]));
    return block;
  };

  it('copies each once and forgets it then', async () => {
    const blocks = [await add('a'), await add('b')];
    await copier.run();
    await copier.run();
    expect(copied).toEqual(blocks.map((block) => ({ blocks: [block] })));
    expect(copier.behind).toEqual({ due: 0 });
  });

  it('leaves what can not be copied for later and goes on; where a store is out it ends there', async () => {
    const [bad, good] = [await add('a'), await add('b')];
    failure = (work) =>
      'blocks' in work && work.blocks[0] === bad ? new TierError('data', 'refused') : undefined;
    await copier.run();
    expect(copied).toEqual([{ blocks: [good] }]);
    expect(copier.behind).toEqual({ due: 1, oldest: 1_000 });
    failure = () => new TierError('unavailable', 'out');
    await add('c');
    await expect(copier.run()).rejects.toThrow('out');
    expect(copier.behind).toMatchObject({ due: 2, oldest: 1_000 });
    failure = undefined;
    await copier.run();
    expect([copied.length, copier.behind]).toEqual([3, { due: 0 }]);
  });

  it('waits for a day that is being replaced, an hour at most', async () => {
    await due.whileReplaced(BOTH, [20_261_120], async () => {
      await copier.run();
      expect(copied).toEqual([]);
      now += 3_600_001;
      await copier.run();
      expect(copied).toEqual([{ day: 20_261_120 }]);
    });
    await copier.run();
    expect(copied).toHaveLength(2);
  });

  it('is trouble when something waits for more than five minutes', () => {
    expect(reportOf({ due: 0 }, 5)).toEqual({ status: 'up', detail: { due: 0, oldest_due_seconds: 0 } });
    expect(reportOf({ due: 1, oldest: 0 }, 300_000).status).toBe('up');
    expect(reportOf({ due: 1, oldest: 0 }, 301_000)).toEqual({
      ...{ status: 'degraded', detail: { due: 1, oldest_due_seconds: 301 } },
    });
  });
});
