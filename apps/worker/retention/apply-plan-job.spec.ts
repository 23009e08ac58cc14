import { beforeEach, describe, expect, it } from 'vitest';
import { BY_KEY, policy } from '#retention/testing';
import { PlanScene, WEB } from '../testing/plan-scene.js';

const DAY_MS = 86_400_000;
const DAYS = [20261110, 20261111, 20261112, 20261113];

let scene: PlanScene;
beforeEach(async () => {
  scene = new PlanScene('web', 'shop');
  await scene.settle();
});

describe('a plan that is applied', () => {
  beforeEach(async () => {
    for (const day of DAYS) scene.tier.add('web', day, 10);
    await scene.follow(policy('stream:web', 'search 9d -> delete'));
  });

  it('removes what it counted, leaves what came later, and reads back', async () => {
    const made = await scene.plan();
    scene.tier.add('web', DAYS[0] ?? 0, 3);
    await scene.apply(made);
    expect(await scene.fates(made)).toEqual([
      'web 20261110 removed',
      'web 20261111 removed',
      'web 20261112 removed',
    ]);
    expect([scene.tier.count('web'), scene.tier.count('web', DAYS[0])]).toEqual([13, 3]);
    const run = await scene.runs.find('acme', made.id);
    expect(run).toMatchObject({
      ...{ state: 'done', planned: { units: 3, events: 30 }, removed: { units: 3, events: 30 } },
      ...{ kept: { units: 0 }, read_back: { gone: 2, with_later_events: 1, wrong: 0 } },
    });
    const [entry] = (await scene.audit.list({}, { limit: 9 })).entries;
    expect(entry).toMatchObject({
      ...{ action: 'retention.run', object: made.id, tenant: 'acme', outcome: 'done' },
      actor: { kind: 'key', id: 'k', name: 'ops' },
    });
  });

  it('keeps what a hold keeps that came meanwhile, what is others by now, and what has no stream', async () => {
    scene.tier.add('shop', DAYS[0] ?? 0, 5);
    await scene.follow(policy('tenant', 'search 9d -> delete'));
    const made = await scene.plan();
    scene.specs.splice(1);
    scene.between = async ({ unit }) => {
      if (unit.day === DAYS[1]) await scene.hold({ start_time: '2026-11-11T12:00:00Z' });
    };
    scene.tier.blocks = scene.tier.blocks.filter(({ day, stream }) => day !== DAYS[0] || stream !== 'web');
    await scene.apply(made);
    expect(await scene.fates(made)).toEqual([
      'shop 20261110 stream_gone',
      'web 20261110 changed',
      'web 20261111 held',
      'web 20261112 held',
    ]);
    expect(scene.tier.count('web')).toBe(30);
  });

  it('keeps the rest where the clock is set in its middle', async () => {
    const made = await scene.plan();
    scene.between = ({ unit }) => void (unit.day === DAYS[1] && (scene.wall += 86_400_000));
    await scene.apply(made);
    expect(await scene.fates(made)).toEqual([
      'web 20261110 removed',
      'web 20261111 clock',
      'web 20261112 clock',
    ]);
  });

  it('goes on behind what is done where it was broken off, and ends with that where it was cancelled', async () => {
    const made = await scene.plan();
    scene.between = ({ unit }) => {
      if (unit.day !== DAYS[1]) return;
      throw new Error('the tier is out');
    };
    await expect(scene.apply(made)).rejects.toThrow('the tier is out');
    expect((await scene.runs.find('acme', made.id))?.state).toBe('running');
    scene.between = ({ unit }) => {
      if (unit.day !== DAYS[1]) return;
      scene.state = 'cancelled';
      scene.aborting.abort();
    };
    await expect(scene.runJob(made)).rejects.toThrow();
    expect(await scene.fates(made)).toEqual(['web 20261110 removed', 'web 20261111 removed']);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({
      ...{ state: 'cancelled', removed: { units: 2, events: 20 }, planned: { units: 3 } },
    });
    await scene.runJob(made);
    expect(scene.tier.count('web')).toBe(20);
  });

  it('goes on after its process was stopped', async () => {
    const made = await scene.plan();
    scene.between = ({ unit }) => void (unit.day === DAYS[1] && scene.aborting.abort());
    await expect(scene.apply(made)).rejects.toThrow();
    expect((await scene.runs.find('acme', made.id))?.state).toBe('running');
    [scene.between, scene.aborting] = [() => {}, new AbortController()];
    await scene.runJob(made);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({ state: 'done', removed: { units: 3 } });
  });

  it('gives up the copies of what it removed, and copies what is to be copied, the oldest first', async () => {
    await scene.follow(policy('stream:web', 'search 10d -> archive from 8d 2d -> delete'));
    const made = await scene.plan();
    expect(made.copying?.map(({ day }) => day)).toEqual([20261112, 20261113]);
    scene.archivings.set(20261113, { outcome: 'not_copied', why: 'damaged', detail: 'Other bytes.' });
    await scene.apply(made);
    expect((await scene.fates(made)).slice(2)).toEqual(['web 20261112 copied', 'web 20261113 damaged']);
    expect(scene.discarded).toEqual(['web 20261110', 'web 20261111']);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({
      ...{ state: 'done', removed: { units: 2 }, kept: { units: 0 } },
      ...{ copied: { units: 1, events: 10 }, not_copied: { units: 1 } },
    });
  });

  it('copies and moves what its policy keeps only in the archive, evicts it a grace later, and deletes it at its end', async () => {
    await scene.follow(policy('stream:web', 'search 9d -> archive 2d -> delete'));
    const states = async (): Promise<readonly string[]> =>
      (await scene.archived.now(WEB)).units.map(({ day, state }) => `${day} ${state}`);
    const first = await scene.plan();
    expect(first.leaving.map(({ day }) => day)).toEqual([20261110]);
    await scene.apply(first);
    expect(await scene.fates(first)).toEqual([
      'web 20261110 removed',
      ...['web 20261111 copied', 'web 20261112 copied'],
      ...['web 20261111 moved', 'web 20261112 moved'],
    ]);
    expect(await states()).toEqual(['20261111 answering', '20261112 answering']);
    expect([scene.tier.count('web'), (await scene.plan()).leaving]).toEqual([30, []]);

    scene.pass(DAY_MS);
    const second = await scene.plan();
    expect(second.leaving.map(({ day, kept_in: where }) => [day, where])).toEqual([
      [20261111, 'archive'],
      [20261112, 'archive'],
    ]);
    scene.staying.set(20261112, { why: 'damaged', detail: 'It is damaged.' });
    await scene.apply(second);
    expect((await scene.fates(second)).slice(0, 2)).toEqual(['web 20261111 removed', 'web 20261112 damaged']);
    expect(await scene.runs.find('acme', second.id)).toMatchObject({
      ...{ removed: { units: 1 }, kept: { units: 1 }, moved: { units: 1 }, read_back: { gone: 1, wrong: 0 } },
    });
    expect(await states()).toEqual(['20261111 evicted', '20261112 answering', '20261113 answering']);

    const hold = await scene.hold({ end_time: '2026-11-12T00:00:00Z' });
    const held = await scene.plan();
    expect(held.expiring).toEqual([]);
    expect(held.held.map(({ tier, day, held_by: by }) => [tier, day, by])).toEqual([
      ['archive', 20261111, [hold]],
    ]);
    await scene.holds.release('acme', hold, { at: new Date(scene.wall).toISOString(), by: BY_KEY });
    const third = await scene.plan();
    expect(third.expiring?.map(({ tier, day }) => `${tier} ${day}`)).toEqual(['archive 20261111']);
    await scene.apply(third);
    expect(await scene.fates(third)).toContain('web 20261111 removed');
    expect((await states())[0]).toBe('20261112 answering');
    expect(await scene.archived.now(WEB)).toMatchObject({
      ...{ expired: { units: 1, events: 10 }, trash: [{ day: 20261111, order: third.id }] },
    });
  });

  it('moves nothing that a hold keeps, and deletes nothing of the archive that one keeps which came since', async () => {
    await scene.follow(policy('stream:web', 'search 9d -> archive 1y -> delete'));
    const made = await scene.plan();
    await scene.hold({ start_time: '2026-11-12T00:00:00Z' });
    scene.movings.set(20261111, { outcome: 'not_moved', why: 'changed', detail: 'Others.' });
    await scene.apply(made);
    expect((await scene.fates(made)).slice(3)).toEqual([
      'web 20261110 moved',
      'web 20261111 changed',
      'web 20261112 held',
    ]);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({
      ...{ moved: { units: 1, events: 10 }, not_moved: { units: 2, events: 20 } },
    });
  });

  it('has as many units as there are, in several documents', async () => {
    for (let day = 1; day <= 28; day += 1)
      for (let month = 1; month <= 9; month += 1) scene.tier.add('web', 20260000 + month * 100 + day, 1);
    const made = await scene.plan();
    await scene.apply(made);
    expect((await scene.runs.outcomes('acme', made.id)).length).toBe(made.leaving.length);
    expect(scene.tier.count('web')).toBe(10);
  });
});
