import { beforeEach, describe, expect, it } from 'vitest';
import type { ClockState } from '../clock/clock-guard.js';
import { streamStatuses } from '../status/stream-status.js';
import { policy, RetentionScene } from '../testing/retention-scene.js';
import { DailyRun } from './daily-run.js';
import { PolicyRuns } from './policy-runs.js';
import { TenantRuns } from './tenant-runs.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Sundays; the scene begins on a Sunday at 02:00. */
const WEEKLY = policy('stream:slow', 'search 9d -> delete', { cron: '0 4 * * 0' });

let scene: RetentionScene;
let zone: string | undefined;
let daily: DailyRun;
let own: PolicyRuns;
/** How many plans fail before one goes through. */
let failures: number;
let errors: object[];
beforeEach(async () => {
  scene = new RetentionScene('web', 'slow');
  await scene.settle();
  zone = 'UTC';
  const { catalogue, planner, plans, policies, runs, starter } = scene;
  const logger = { error: (facts: object) => expect.unreachable(JSON.stringify(facts)), info: () => {} };
  const tenants = new TenantRuns({ planner, plans, runs, starter, logger: logger as never });
  failures = 0;
  const planning: Pick<TenantRuns, 'beginOf'> = {
    beginOf: async (tenant, request) => (failures-- > 0 ? false : tenants.beginOf(tenant, request)),
  };
  errors = [];
  const told = { error: (facts: object) => void errors.push(facts) } as never;
  daily = new DailyRun({ catalogue, tenants, daily: () => ({ at: '02:00', zone: 'UTC' }) });
  own = new PolicyRuns({ catalogue, policies, runs, tenants: planning, zone: () => zone, logger: told });
  for (let day = 20261101; day <= 20261120; day += 1)
    for (const stream of ['web', 'slow']) scene.tier.add(stream, day, 1);
  await scene.follow(policy('tenant', 'search 9d -> delete'), WEEKLY);
  const first = { id: '20200101T000000-0', tenant: 'acme', by: { kind: 'schedule' }, begun_at: '' } as const;
  await runs.begin({ ...first, state: 'done', planned: { units: 0, events: 0, bytes: 0 } });
});

/** A look, and the streams of the plans that were begun so far, the newest first. */
async function tick(state: ClockState = 'trusted'): Promise<readonly (readonly string[])[]> {
  await daily.runIfDue({ now: scene.wall, state });
  await own.runIfDue({ now: scene.wall, state });
  const begun = (await scene.runs.list('acme')).slice(0, -1);
  const plans = await Promise.all(begun.map(({ id }) => scene.plans.find('acme', id)));
  return plans.map((plan) => [...new Set(plan?.leaving.map(({ stream }) => stream))]);
}

async function endAll(): Promise<void> {
  for (const run of await scene.runs.unfinished())
    await scene.runs.end({ ...run, state: 'done', ended_at: 'x' });
}

describe('a policy with times of its own', () => {
  it('is applied then, to its streams alone, and the daily run leaves them out', async () => {
    expect(await tick()).toEqual([]);
    scene.pass(HOUR_MS);
    expect(await tick()).toEqual([['slow']]);
    expect(await tick()).toEqual([['slow']]);
    await endAll();
    scene.pass(DAY_MS);
    expect(await tick()).toEqual([['web'], ['slow']]);
  });

  it('is caught up on when another run has ended and the clock is trusted; off is never', async () => {
    await tick();
    scene.pass(DAY_MS);
    expect(await tick()).toEqual([['web']]);
    scene.pass(HOUR_MS);
    expect(await tick()).toEqual([['web']]);
    await endAll();
    expect(await tick('doubted')).toEqual([['web']]);
    zone = undefined;
    expect(await tick()).toEqual([['web']]);
    zone = 'UTC';
    expect(await tick()).toEqual([['slow'], ['web']]);
  });

  it('waits for its next time where it is new or changed', async () => {
    await tick();
    await scene.follow(WEEKLY, policy('tenant', 'forever'));
    scene.pass(HOUR_MS);
    await scene.follow({ ...WEEKLY, cron: '30 3 * * 0' });
    expect(await tick()).toEqual([]);
  });

  it('waits for its next time where it was removed, and is there again as it was', async () => {
    scene.pass(HOUR_MS);
    await tick();
    await endAll();
    await scene.follow(policy('tenant', 'forever'));
    scene.pass(8 * DAY_MS);
    await tick();
    await scene.follow(policy('tenant', 'forever'), WEEKLY);
    expect(await tick()).toEqual([['slow']]);
    scene.pass(7 * DAY_MS);
    expect(await tick()).toEqual([['slow'], ['slow']]);
  });

  it('is tried again at the next look where its plan failed', async () => {
    scene.pass(HOUR_MS);
    failures = 2;
    expect(await tick()).toEqual([]);
    expect(await tick()).toEqual([]);
    expect(await tick()).toEqual([['slow']]);
  });

  it('whose times can not be told stops no other, and is told', async () => {
    await scene.follow({ ...WEEKLY, cron: '0 0 30 2 *' }, { ...WEEKLY, name: 'tenant' });
    scene.pass(HOUR_MS);
    await tick();
    scene.pass(7 * DAY_MS);
    expect(await tick()).toEqual([['web']]);
    expect(errors).toContainEqual(expect.objectContaining({ tenant: 'acme', cron: '0 0 30 2 *' }));
  });

  it('has drift when its own time was missed, not the daily one', async () => {
    const driftOf = async () => {
      const seen = await scene.units.read('acme', scene.wall);
      return streamStatuses(seen).map(({ stream, drift }) => [stream, drift.units > 0]);
    };
    await scene.follow(policy('tenant', 'search 9d -> delete'), { ...WEEKLY, keep: 'search 21d -> delete' });
    scene.pass(2 * DAY_MS);
    expect(await driftOf()).toEqual([
      ['web', true],
      ['slow', false],
    ]);
    scene.pass(7 * DAY_MS);
    expect(await driftOf()).toContainEqual(['slow', true]);
  });
});
