import { beforeEach, expect, it } from 'vitest';
import { BY_KEY, policy, RetentionScene } from '../testing/retention-scene.js';
import { MAX_UNITS } from './retention-planner.js';

let scene: RetentionScene;
beforeEach(async () => {
  scene = new RetentionScene('web', 'shop');
  await scene.settle();
  for (const day of [20261101, 20261102, 20261121]) scene.tier.add('web', day, 10);
  scene.tier.add('shop', 20261101, 5);
});

const plan = (part: Partial<Parameters<RetentionScene['planner']['plan']>[0]> = {}) =>
  scene.planner.plan({ tenant: 'acme', by: BY_KEY, ...part });

it('a plan says of each stream what goes, what is held and what is left, and why', async () => {
  await scene.follow(policy('tenant', 'search 9d -> delete'));
  const held = await scene.hold({ stream: 'web', end_time: '2026-11-02T00:00:00Z' });
  const made = await plan();
  expect(made).toMatchObject({
    ...{ tenant: 'acme', made_by: BY_KEY, clock: { state: 'trusted' }, policies_version: 1 },
    ...{ made_at: '2026-11-22T03:00:00.000Z', expires_at: '2026-11-23T03:00:00.000Z', left_for_later: 0 },
    leaving: [
      { stream: 'shop', day: 20261101, events: 5, bytes: 500, why: 'age', policy: 'tenant' },
      { stream: 'web', day: 20261102, events: 10, oldest: '2026-11-02T00:00:00.000000000Z' },
    ],
    held: [{ stream: 'web', day: 20261101, held_by: [held] }],
  });
  expect(made.id).toMatch(/^20261122T030000-[0-9a-f]{8}$/);
  expect(made.streams[0]).toMatchObject({
    ...{ stream: 'web', event_type: 'log', policy: 'tenant', keep: 'search 9d -> delete' },
    tiers: [
      {
        ...{ tier: 'search', before: { units: 3, events: 30 }, leaves: { units: 1, events: 10 } },
        ...{ held: { units: 1, events: 10 }, after: { units: 2, events: 20, bytes: 2_000 } },
      },
    ],
  });
  expect(made.proposed).toBeUndefined();
});

it('a plan may be for policies that are not saved, and for some streams', async () => {
  const proposed = { ...policy('tenant', 'search 9d -> delete'), changed_at: '', changed_by: BY_KEY };
  const made = await plan({ propose: () => [proposed], streams: ['shop'] });
  expect([made.leaving.map(({ stream }) => stream), made.streams.length]).toEqual([['shop'], 1]);
  expect([made.proposed, made.policies_version]).toEqual([[proposed], 0]);
  expect((await plan()).leaving).toEqual([]);
});

it('a plan has at most so many days, the oldest, and says how many are left', async () => {
  for (let n = 0; n < MAX_UNITS + 5; n += 1)
    scene.tier.add('web', Number(new Date(n * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')), 1);
  await scene.follow(policy('tenant', 'search 9d -> delete'));
  const made = await plan();
  expect([made.leaving.length, made.left_for_later, made.leaving[0]?.day]).toEqual([MAX_UNITS, 8, 19700101]);
});

it('a plan says what comes into the archive: what is old enough, stays, and is not there with these events', async () => {
  await scene.follow(policy('stream:web', 'search 20d -> archive from 3d 17d -> delete'));
  const copied = async (day: number, events: number): Promise<void> => {
    const copy = {
      day,
      generation: 0,
      events,
      oldest: '1',
      newest: '2',
      sources: [],
      through: 'f',
      files: [],
    };
    const manifest = { key: `${day}-${events}.json`, sha256: '' };
    const schema = { columns: [], sorted_by: [] };
    await scene.archived.commit(
      { tenant: 'acme', stream: 'web' },
      { ...copy, manifest, copied_at: '' },
      schema,
    );
  };
  scene.tier.add('web', 20261110, 10);
  expect((await plan()).leaving.map(({ day }) => day)).toEqual([20261101]);
  expect((await plan()).copying).toMatchObject([
    { stream: 'web', tier: 'archive', day: 20261102, events: 10, policy: 'stream:web' },
    { day: 20261110 },
  ]);
  await copied(20261102, 10);
  await copied(20261110, 9);
  expect((await plan()).copying?.map(({ day }) => day)).toEqual([20261110]);
  expect((await plan({ streams: ['shop'] })).copying).toEqual([]);
  const emergency = { kind: 'emergency', places: 'data', used_percent: 90 } as const;
  expect((await plan({ by: emergency })).copying).toEqual([]);
});
