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
