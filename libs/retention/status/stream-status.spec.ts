import { expect, it } from 'vitest';
import { policy, RetentionScene } from '../testing/retention-scene.js';
import { streamStatuses } from './stream-status.js';

it('a stream has what is wanted, what is there, what is overdue, held and next', async () => {
  const scene = new RetentionScene('web', 'shop', 'empty');
  for (const day of [20261101, 20261102, 20261112, 20261113]) scene.tier.add('web', day, 10);
  scene.tier.add('shop', 20200101, 7);
  await scene.follow(policy('stream:web', 'search 9d -> delete', { class: 'low' }));
  const hold = await scene.hold({ stream: 'web', end_time: '2026-11-02T00:00:00Z' });
  const [web, shop, empty] = streamStatuses(await scene.units.read('acme', scene.wall));
  expect(web).toMatchObject({
    ...{ stream: 'web', policy: 'stream:web', keep: 'search 9d -> delete', class: 'low', held_by: [hold] },
    ...{ wantedOldest: 20261113, actualOldest: 20261101, actualNewest: 20261113 },
    ...{ stored: { units: 4, events: 40 }, overdue: { units: 2 }, held: { units: 1 } },
    // The day that is due since two hours has not missed a daily run.
    drift: { units: 1, oldest: '2026-11-02T00:00:00.000000000Z' },
    next: { day: 20261113, at: Date.parse('2026-11-23T00:00:00Z') },
  });
  expect(shop).toMatchObject({ policy: 'default', overdue: { units: 0 }, actualOldest: 20200101 });
  expect([shop?.wantedOldest, shop?.next, empty?.actualOldest]).toEqual([undefined, undefined, undefined]);
});

it('a stream whose policy names the archive has what is copied, what is due, missed and next', async () => {
  const scene = new RetentionScene('web', 'shop');
  // A copy is due a day after the end of its day: that of the 20th since two hours, that of the 21st in 22.
  for (const day of [20261101, 20261110, 20261120, 20261121]) scene.tier.add('web', day, 10);
  scene.tier.add('shop', 20261101, 1);
  await scene.follow(policy('stream:web', 'search forever -> archive from 1d forever'));
  const file = { key: 'a.parquet', bytes: 300, sha256: 'aa', events: 10 };
  const copy = {
    ...{ day: 20261101, generation: 0, events: 10, oldest: '1', newest: '2', sources: [], through: 'ff' },
    ...{ manifest: { key: 'm.json', sha256: 'aa' }, files: [file], copied_at: '2026-11-05T02:00:00.000Z' },
  };
  await scene.archived.commit({ tenant: 'acme', stream: 'web' }, copy, { columns: [], sorted_by: [] });
  const [web, shop] = streamStatuses(await scene.units.read('acme', scene.wall));
  expect(web?.archive).toMatchObject({
    ...{ stored: { units: 1, events: 10, bytes: 300 }, actualOldest: 20261101, actualNewest: 20261101 },
    ...{ due: { units: 2, events: 20 }, drift: { units: 1 } },
    next: { day: 20261121, at: Date.parse('2026-11-23T00:00:00Z') },
  });
  expect(shop?.archive).toBeUndefined();
});
