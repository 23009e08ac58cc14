import { beforeEach, describe, expect, it } from 'vitest';
import { RESTORE_JOB, RestoredStreams, type RestoredStream } from '#archived-units';
import { MemoryCatalogue } from '#catalogue/testing';
import type { StreamSpec } from '#plugin-kit';
import { RestoredUnloading } from '#storage-tier';
import { FakeJobQueue } from '../testing/fake-job-queue.js';
import { RestoredUpkeepJob } from './restored-upkeep.js';

const END = '2026-11-30T00:00:00.000Z';
const BACK = { tenant: 'acme', stream: 'back' };

let restored: RestoredStreams;
let queue: FakeJobQueue;
let marked: Record<string, StreamSpec['readOnly']>;
let job: RestoredUpkeepJob;
beforeEach(() => {
  [restored, queue, marked] = [new RestoredStreams(new MemoryCatalogue()), new FakeJobQueue(), {}];
  const markReadOnly = async (_tenant: string, name: string, why: StreamSpec['readOnly']) => {
    marked[name] = why;
  };
  const unloading = new RestoredUnloading({ restored, queue, streams: { markReadOnly } });
  job = new RestoredUpkeepJob({ restored, queue, unloading });
});

const put = (state: RestoredStream['state']) =>
  restored.begin({
    ...{ ...BACK, state, original: 'web', place: 'archive', archive: { schemas: [], units: [] } },
    ...{ begun_at: '2026-11-20T00:00:00.000Z', expires_at: END },
  });
const jobs = async () => (await queue.list()).map(({ kind, id, payload }) => [kind, id, payload]);

describe('a restored stream', () => {
  it('stays until its end, and is found by nobody from then on', async () => {
    await put('restored');
    await job.run(Date.parse(END) - 1);
    expect([await jobs(), marked]).toEqual([[], {}]);
    await job.run(Date.parse(END));
    expect(await jobs()).toEqual([[RESTORE_JOB, 'acme.back.away', BACK]]);
    expect(marked).toEqual({ back: 'leaving' });
    expect(await restored.find(BACK)).toMatchObject({ state: 'leaving' });
    await job.run(Date.parse(END));
    expect(await jobs()).toHaveLength(1);
  });

  it('that ends while it is restored is not restored on', async () => {
    await put('restoring');
    await queue.add({ kind: RESTORE_JOB, id: 'acme.back' });
    await job.run(Date.parse(END));
    expect(await jobs()).toEqual([[RESTORE_JOB, 'acme.back.away', BACK]]);
    expect(await restored.finish(BACK, END)).toBe(false);
  });

  it('whose job was never added gets it, once', async () => {
    await put('restoring');
    for (const _ of [1, 2]) await job.run(Date.parse(END) - 1);
    expect(await jobs()).toEqual([[RESTORE_JOB, 'acme.back', BACK]]);
  });

  it('that was to leave when the process was killed goes', async () => {
    await put('leaving');
    await job.run(0);
    expect(await jobs()).toEqual([[RESTORE_JOB, 'acme.back.away', BACK]]);
  });
});

it('one of a name is begun only once', async () => {
  expect([await put('restoring'), await put('restoring')]).toEqual([true, false]);
  expect(await restored.list('acme')).toHaveLength(1);
  expect(await restored.list('other')).toEqual([]);
});
