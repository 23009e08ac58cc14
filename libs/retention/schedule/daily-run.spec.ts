import { beforeEach, describe, expect, it } from 'vitest';
import type { ClockState } from '../clock/clock-guard.js';
import { policy, RetentionScene } from '../testing/retention-scene.js';
import { DailyRun } from './daily-run.js';
import type { DailyTime } from './daily-time.js';
import { TenantRuns } from './tenant-runs.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let scene: RetentionScene;
let daily: DailyTime | undefined;
let run: DailyRun;
const errors: object[] = [];
beforeEach(async () => {
  scene = new RetentionScene('web');
  await scene.settle();
  daily = { at: '02:00', zone: 'UTC' };
  errors.length = 0;
  const tenants = new TenantRuns({
    ...{ planner: scene.planner, plans: scene.plans, runs: scene.runs, starter: scene.starter },
    logger: { error: (facts: object) => errors.push(facts), info: () => undefined } as never,
  });
  run = new DailyRun({ catalogue: scene.catalogue, tenants, daily: () => daily });
  for (let day = 20261101; day <= 20261120; day += 1) scene.tier.add('web', day, 1);
  await scene.follow(policy('tenant', 'search 9d -> delete'));
});

const tick = async (state: ClockState = 'trusted'): Promise<number> => {
  await run.runIfDue({ now: scene.wall, state });
  return (await scene.runs.list('acme')).length;
};
/** As after an admin's first plan, which had nothing to delete. */
async function arm(): Promise<void> {
  const begun = { id: '20200101T000000-0', tenant: 'acme', by: { kind: 'schedule' }, begun_at: '' } as const;
  const none = { units: 0, events: 0, bytes: 0 };
  await scene.runs.begin({ ...begun, state: 'done', planned: none });
}

describe('the daily run', () => {
  it('leaves a tenant alone that no plan was applied of', async () => {
    await tick();
    scene.pass(DAY_MS);
    expect([await tick(), scene.jobs]).toEqual([0, []]);
  });

  it('runs once at its time, from the next one on', async () => {
    await arm();
    expect(await tick()).toBe(1);
    scene.pass(DAY_MS - HOUR_MS - 1);
    expect(await tick()).toBe(1);
    scene.pass(1);
    expect(await tick()).toBe(2);
    scene.pass(HOUR_MS);
    expect(await tick()).toBe(2);
    const [newest] = await scene.runs.list('acme');
    expect(newest).toMatchObject({ by: { kind: 'schedule' }, planned: { units: 13, events: 13 } });
    expect(await scene.plans.find('acme', newest?.id ?? '')).toBeDefined();
  });

  it('waits for a clock that is trusted, and catches up then; off is never', async () => {
    await arm();
    await tick();
    scene.pass(3 * DAY_MS);
    for (const state of ['settling', 'doubted'] as const) expect(await tick(state)).toBe(1);
    const at = daily;
    daily = undefined;
    expect(await tick()).toBe(1);
    daily = at;
    expect(await tick()).toBe(2);
  });

  it('does not begin a second run of a tenant, says what failed, and goes on the next day', async () => {
    await arm();
    await tick();
    scene.pass(DAY_MS);
    await tick();
    scene.pass(DAY_MS);
    expect(await tick()).toBe(2);
    const [running] = await scene.runs.list('acme');
    if (running) await scene.runs.end({ ...running, state: 'done', ended_at: 'x' });
    scene.tier.storedUnits = () => Promise.reject(new Error('the tier is out'));
    scene.pass(DAY_MS);
    expect([await tick(), errors]).toEqual([2, [expect.objectContaining({ tenant: 'acme' })]]);
  });
});
