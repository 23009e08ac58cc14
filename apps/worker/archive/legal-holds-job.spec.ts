import { beforeEach, expect, it } from 'vitest';
import { ArchiveStorageError } from '#archive-storage';
import { LegalHolds } from '#archived-units';
import { evictDays } from '#archived-units/testing';
import { PlanScene, WEB } from '../testing/plan-scene.js';
import { LegalHoldsJob } from './legal-holds-job.js';

const AT = '2026-11-01T00:00:00.000Z';
const BY = { key_id: 'k', key_name: 'ops' };
const FIRST = ['20251101.parquet', '20251101.json'];
const SECOND = ['20251102.parquet', '20251102.json'];

let scene: PlanScene;
let legalHolds: LegalHolds;
/** Objects that the store holds, and what it was asked. */
let inStore: Set<string>;
let asked: number;
let fails: ((key: string, isHeld: boolean) => Error | undefined) | undefined;
let locks: boolean;
beforeEach(async () => {
  scene = new PlanScene('web');
  legalHolds = new LegalHolds(scene.catalogue);
  [inStore, asked, fails, locks] = [new Set(), 0, undefined, true];
  await evictDays(scene.archived, WEB, [20251101, 20251102]);
});

async function run(): Promise<void> {
  const storage = {
    setHold: async (key: string, isHeld: boolean) => {
      asked += 1;
      const error = fails?.(key, isHeld);
      if (error) throw error;
      if (isHeld) inStore.add(key);
      else inStore.delete(key);
      return true;
    },
  };
  const { archived, holds, streams } = scene;
  const quiet = { info: () => {}, warn: () => {} };
  const queue = { process: () => {} };
  const job = new LegalHoldsJob({
    storage,
    archived,
    legalHolds,
    holds,
    streams,
    queue,
    locks,
    logger: quiet,
  });
  await job.run(new AbortController().signal);
}

it('every object of a held day is held in the store, deleted and late ones too, and lifted when no hold keeps it', async () => {
  const first = await scene.hold({ end_time: '2025-11-02T00:00:00Z' });
  await run();
  expect([...inStore]).toEqual(FIRST);
  const both = await scene.hold({ stream: 'web' });
  await scene.archived.trash(WEB, { day: 20251102, generation: 0 }, { at: AT, order: 'plan' });
  await run();
  expect([...inStore]).toEqual([...FIRST, ...SECOND]);
  const before = asked;
  await run();
  expect(asked).toBe(before);
  await scene.holds.release('acme', both, { at: AT, by: BY });
  await run();
  expect([...inStore]).toEqual(FIRST);
  await scene.holds.release('acme', first, { at: AT, by: BY });
  await run();
  expect([[...inStore], await legalHolds.of(WEB)]).toEqual([[], { held: [], setting: [], refused: [] }]);
});

it('a store that was out or a process that was killed in between leaves none that nobody lifts', async () => {
  const hold = await scene.hold({ stream: 'web' });
  fails = (key) =>
    key === SECOND[0] ? new ArchiveStorageError('archive_storage_unavailable', 'It is out.') : undefined;
  await expect(run()).rejects.toThrow('It is out.');
  expect([...inStore]).toEqual(FIRST);
  await scene.holds.release('acme', hold, { at: AT, by: BY });
  fails = undefined;
  await run();
  expect([[...inStore], (await legalHolds.of(WEB)).setting]).toEqual([[], []]);
});

it('what the store refuses is told since when, tried again, and told no more when it goes', async () => {
  const hold = await scene.hold({ stream: 'web' });
  fails = (key) =>
    key === FIRST[0] ? new ArchiveStorageError('archive_storage_refused', 'The key may not.') : undefined;
  await run();
  const [refused] = (await legalHolds.of(WEB)).refused;
  expect(refused).toMatchObject({ key: FIRST[0], detail: 'The key may not.' });
  await run();
  expect((await legalHolds.of(WEB)).refused).toEqual([refused]);
  fails = undefined;
  await run();
  expect([(await legalHolds.of(WEB)).refused, inStore.size]).toEqual([[], 4]);

  fails = (_key, isHeld) =>
    isHeld ? undefined : new ArchiveStorageError('archive_storage_refused', 'The key may not.');
  await scene.holds.release('acme', hold, { at: AT, by: BY });
  await run();
  const { held, refused: all } = await legalHolds.of(WEB);
  expect([held.toSorted(), all.length]).toEqual([[...FIRST, ...SECOND].toSorted(), 4]);
  fails = () => new ArchiveStorageError('archive_object_missing', 'It is gone.');
  await run();
  expect(await legalHolds.of(WEB)).toEqual({ held: [], setting: [], refused: [] });
});

it('a store that locks nothing is not asked', async () => {
  locks = false;
  await scene.hold({ stream: 'web' });
  await run();
  expect(asked).toBe(0);
});
