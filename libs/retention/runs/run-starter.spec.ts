import { beforeEach, describe, expect, it } from 'vitest';
import { BY_KEY, policy, RetentionScene } from '../testing/retention-scene.js';
import type { RetentionPlan } from '../plans/retention-plan.js';
import { RunStarter } from './run-starter.js';

const DAY_MS = 86_400_000;
const NEW = { ...policy('tenant', 'search 5d -> delete'), changed_at: '', changed_by: BY_KEY };

let scene: RetentionScene;
let plan: RetentionPlan;
const make = (): Promise<RetentionPlan> =>
  scene.planner.plan({ tenant: 'acme', by: BY_KEY, propose: () => [NEW] });
beforeEach(async () => {
  scene = new RetentionScene('web');
  await scene.settle();
  scene.tier.add('web', 20261101, 10);
  plan = await make();
});
const start = (part: object = {}) => scene.starter.start({ plan, by: BY_KEY, ...part });
const refusal = (code: string) => ({ code, message: expect.stringMatching(/\.$/) });

describe('a plan that is applied', () => {
  it('saves the policies that it proposed, writes down that it runs, and begins its job; once', async () => {
    expect(await scene.runs.firstAppliedAt('acme')).toBeUndefined();
    const run = await start();
    expect(run).toEqual({
      ...{ id: plan.id, tenant: 'acme', by: BY_KEY, state: 'running', begun_at: '2026-11-22T03:00:00.000Z' },
      planned: { units: 1, events: 10, bytes: 1_000 },
    });
    expect(await scene.policies.read('acme')).toMatchObject({
      ...{ version: 1, plan: plan.id, policies: [{ keep: 'search 5d -> delete' }] },
    });
    expect(await start()).toEqual(run);
    expect(scene.jobs.map(({ id, payload }) => [id, payload])).toEqual(
      [1, 2].map(() => [plan.id, { tenant: 'acme', plan: plan.id }]),
    );
    expect([await scene.runs.firstAppliedAt('acme'), (await scene.policies.read('acme')).version]).toEqual([
      ...[run.begun_at, 1],
    ]);
    await scene.finisher.finish(run, 'done');
    await expect(start()).rejects.toMatchObject(refusal('plan_applied'));
  });

  it('goes on where the process ended behind the policies', async () => {
    const { policies, clock, queue } = scene;
    const runs = { find: async () => undefined, begin: () => Promise.reject(new Error('x')) };
    const dying = new RunStarter({ policies, clock, queue, runs });
    await expect(dying.start({ plan, by: BY_KEY })).rejects.toThrow('x');
    await start();
    expect((await scene.policies.read('acme')).version).toBe(1);
  });
});

describe('a plan is refused, and changes nothing,', () => {
  const unchanged = async (): Promise<void> => {
    expect([scene.jobs, await scene.runs.list('acme')]).toEqual([[], []]);
  };

  it('where the policies were changed meanwhile', async () => {
    await scene.follow(policy('tenant', 'search 99d -> delete'));
    await expect(start()).rejects.toMatchObject(refusal('plan_stale'));
    expect((await scene.policies.read('acme')).policies).toMatchObject([{ keep: 'search 99d -> delete' }]);
    plan = await make();
    await scene.follow();
    await expect(start()).rejects.toMatchObject(refusal('plan_stale'));
    await unchanged();
  });

  it('where it is a day old', async () => {
    scene.pass(DAY_MS);
    await expect(start()).rejects.toMatchObject(refusal('plan_expired'));
    await unchanged();
  });

  it('where the clock is doubted, unless an admin says that it is right', async () => {
    scene.wall += 2 * 3_600_000;
    await expect(start()).rejects.toMatchObject(refusal('clock_in_doubt'));
    await unchanged();
    await start({ acceptClock: true });
    expect((await scene.clock.look()).state).toBe('trusted');
  });
});
