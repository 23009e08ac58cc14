import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStorageError } from '#archive-storage';
import { evictDays } from '#archived-units/testing';
import { FaultPoints } from '#observability';
import { PlanScene, WEB } from '../testing/plan-scene.js';
import { ArchiveTrash } from './archive-trash.js';

const HOUR_MS = 3_600_000;
const AT = '2026-11-01T00:00:00.000Z';
const DAYS = [20251101, 20251102];

let scene: PlanScene;
let deleted: string[];
let fails: string | undefined;
let isTierOut: boolean;
let isLocked: boolean;
let said: object[];
let trash: ArchiveTrash;
beforeEach(async () => {
  scene = new PlanScene('web', 'shop');
  [deleted, fails, isTierOut, isLocked, said] = [[], undefined, false, false, []];
  trash = new ArchiveTrash({
    ...{ archived: scene.archived, streams: scene.streams, holds: scene.holds, clock: scene.clock },
    storage: {
      delete: async (key) => {
        if (isLocked) throw new ArchiveStorageError('archive_object_locked', `${key} is locked until then.`);
        if (isTierOut) throw new ArchiveStorageError('archive_tier_failed', 'The tier is out.');
        if (key === fails) throw new Error('the bucket is out');
        deleted.push(key);
      },
    },
    queue: { process: () => {} },
    replaced: { forget: async () => {} },
    ...{
      ...{ hours: () => 24, graceHours: () => 12 },
      logger: { info: (facts: object) => void said.push(facts) },
      reach: new FaultPoints([]).reach,
    },
  });
  await scene.settle();
  await evictDays(scene.archived, WEB, DAYS);
  const deletion = { at: new Date(scene.wall).toISOString(), order: 'plan' };
  for (const day of DAYS) await scene.archived.trash(WEB, { day, generation: 0 }, deletion);
});

const run = (payload: Record<string, unknown> = {}) =>
  trash.run({ payload, signal: new AbortController().signal });
const left = async (): Promise<readonly number[]> =>
  ((await scene.archived.now(WEB)).trash ?? []).map(({ day }) => day);

describe('the trash of archives', () => {
  it('keeps what was deleted for its time, and no longer', async () => {
    scene.pass(24 * HOUR_MS - 1);
    await run();
    expect([await left(), deleted]).toEqual([DAYS, []]);
    scene.pass(1);
    await run();
    expect(await left()).toEqual([]);
    expect(deleted).toEqual(['20251101.parquet', '20251101.json', '20251102.parquet', '20251102.json']);
  });

  it('is emptied of one tenant, or of all, before its time', async () => {
    await run({ now: true, tenant: 'globex' });
    expect(await left()).toEqual(DAYS);
    await run({ now: true, tenant: 'acme' });
    expect(await left()).toEqual([]);
  });

  it('keeps what a hold keeps that came since, as long as it holds', async () => {
    const hold = await scene.hold({ end_time: '2025-11-02T00:00:00Z' });
    await run({ now: true });
    expect(await left()).toEqual([20251101]);
    await scene.holds.release('acme', hold, { at: AT, by: { key_id: 'k', key_name: 'ops' } });
    await run({ now: true });
    expect(await left()).toEqual([]);
  });

  it('is left alone by a clock that was set, and emptied when somebody asks for it', async () => {
    scene.pass(25 * HOUR_MS);
    await scene.clock.look();
    scene.wall += 400 * 24 * HOUR_MS;
    await run();
    expect(await left()).toEqual(DAYS);
    await run({ now: true });
    expect(await left()).toEqual([]);
  });

  it('is gone on with where the place of archives failed, and nothing of it comes back meanwhile', async () => {
    fails = '20251102.parquet';
    await expect(run({ now: true })).rejects.toThrow('the bucket is out');
    expect(await scene.archived.undelete(WEB, () => true)).toEqual([]);
    fails = undefined;
    await run();
    expect([await left(), deleted.at(-1)]).toEqual([[], '20251102.json']);
  });

  it('waits for locks of the store, tells each object of it once, and goes on when they are over', async () => {
    isLocked = true;
    for (const _ of [1, 2]) await run({ now: true });
    expect([await left(), said.length]).toEqual([DAYS, 4]);
    expect(said[0]).toMatchObject({ ...WEB, err: { message: '20251101.parquet is locked until then.' } });
    const { trash } = await scene.archived.now(WEB);
    expect(trash?.map(({ locked }) => locked)).toEqual([
      '20251101.parquet is locked until then.',
      '20251102.parquet is locked until then.',
    ]);
    isLocked = false;
    await run();
    expect([await left(), said.at(-1)]).toEqual([[], { ...WEB, units: 2, events: 4 }]);
  });

  it('waits for a tier that is out, says nothing meanwhile, and goes on when it is back', async () => {
    isTierOut = true;
    await run({ now: true });
    expect([await left(), said]).toEqual([DAYS, []]);
    isTierOut = false;
    await run();
    expect([await left(), said]).toEqual([[], [{ ...WEB, units: 2, events: 4 }]]);
  });
});
