import { beforeEach, describe, expect, it } from 'vitest';
import type { UnitCopy } from '#archived-units';
import type { RetentionPlan } from '#retention';
import { policy } from '#retention/testing';
import { PlanScene, WEB } from '../testing/plan-scene.js';

const DAY_MS = 86_400_000;

let scene: PlanScene;
beforeEach(async () => {
  scene = new PlanScene('web');
  await scene.settle();
  for (const day of [20261110, 20261111, 20261112, 20261113]) scene.tier.add('web', day, 10);
});

it('a plan that is older than a move deletes nothing that the archive answers for by now, and copies it no more', async () => {
  await scene.follow(policy('stream:web', 'search 9d -> delete'));
  const old = await scene.plan();
  await scene.follow(policy('stream:web', 'search 9d -> archive 1y -> delete'));
  const second = await scene.plan();
  await scene.apply(await scene.plan());
  await scene.apply({ ...old, policies_version: second.policies_version });
  expect(await scene.fates(old)).toEqual([
    'web 20261110 changed',
    'web 20261111 changed',
    'web 20261112 changed',
  ]);
  await scene.apply(second);
  expect((await scene.fates(second)).slice(0, 3)).toEqual([
    'web 20261110 copied',
    'web 20261111 copied',
    'web 20261112 copied',
  ]);
  expect((await scene.archived.now(WEB)).units.map(({ state }) => state)).toEqual(
    Array.from({ length: 3 }, () => 'answering'),
  );
  expect(scene.tier.count('web')).toBe(40);
});

describe('a plan that deletes what only the archive has', () => {
  let made: RetentionPlan;
  const trash = async () => (await scene.archived.now(WEB)).trash?.map(({ day }) => day);
  beforeEach(async () => {
    await scene.follow(policy('stream:web', 'search 9d -> archive 2d -> delete'));
    await scene.apply(await scene.plan());
    scene.pass(DAY_MS);
    await scene.apply(await scene.plan());
    made = await scene.plan();
  });

  it('hears a hold that came until it was in the trash, and brings it back', async () => {
    const { archived } = scene;
    const putAway = archived.trash.bind(archived);
    archived.trash = async (...all) => {
      await putAway(...all);
      await scene.hold({ start_time: '2026-11-11T12:00:00Z' });
    };
    await scene.apply(made);
    expect(await scene.fates(made)).toContain('web 20261111 held');
    expect([await trash(), (await scene.archived.now(WEB)).units[0]?.day]).toEqual([[], 20261111]);
  });

  it('leaves alone what was merged since: it has events that the plan did not count', async () => {
    const { archived } = scene;
    const sources = (await archived.now(WEB)).units.filter(({ day }) => day === 20261111);
    const copy = { ...sources[0], events: 99, manifest: { key: 'm', sha256: 'm' } } as UnitCopy;
    await archived.takeOver(WEB, { copy, sources, at: '2026-11-21T00:00:00.000Z' });
    await scene.apply(made);
    expect(await scene.fates(made)).toContain('web 20261111 changed');
    expect([await trash(), (await archived.now(WEB)).units[0]?.events]).toEqual([undefined, 99]);
  });

  it('brings back what it had put there before it was broken off, where a hold came meanwhile', async () => {
    scene.reached = () => {
      throw new Error('killed');
    };
    await expect(scene.apply(made)).rejects.toThrow('killed');
    expect(await trash()).toEqual([20261111]);
    scene.reached = () => {};
    await scene.hold({ stream: 'web' });
    await scene.runJob(made);
    expect(await scene.fates(made)).toContain('web 20261111 held');
    expect(await trash()).toEqual([]);
  });

  it('goes on behind where it was broken off, and leaves alone what another plan deleted', async () => {
    const other = await scene.plan();
    scene.reached = () => {
      throw new Error('killed');
    };
    await expect(scene.apply(made)).rejects.toThrow('killed');
    scene.reached = () => {};
    await scene.runJob(made);
    expect(await scene.fates(made)).toContain('web 20261111 removed');
    await scene.apply(other);
    expect(await scene.fates(other)).toContain('web 20261111 changed');
    expect(await scene.archived.now(WEB)).toMatchObject({
      ...{ expired: { units: 1, events: 10 }, trash: [{ order: made.id }] },
    });
  });
});
