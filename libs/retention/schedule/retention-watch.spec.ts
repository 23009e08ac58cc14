import { Registry } from 'prom-client';
import { beforeEach, expect, it } from 'vitest';
import type { JobRecord } from '#job-queue';
import { RetentionGauges } from '../status/retention-gauges.js';
import { BY_KEY, policy, RetentionScene } from '../testing/retention-scene.js';
import { RetentionWatch } from './retention-watch.js';

const MINUTE_MS = 60_000;

let scene: RetentionScene;
let job: Partial<JobRecord> | undefined;
let watch: RetentionWatch;
let metrics: Registry;
const said: string[] = [];
beforeEach(async () => {
  scene = new RetentionScene('web');
  await scene.settle();
  [job, metrics] = [undefined, new Registry()];
  said.length = 0;
  watch = new RetentionWatch({
    ...{ clock: scene.clock, runs: scene.runs, starter: scene.starter, finisher: scene.finisher },
    daily: { runIfDue: async () => {} },
    policies: { runIfDue: async () => {} },
    emergency: { runIfDue: async () => {} },
    gauges: new RetentionGauges({
      ...{ metrics, units: scene.units, runs: scene.runs, monotonic: () => scene.monotonic },
      ...{ lost: scene.lost, tenants: async () => ['acme'] },
    }),
    queue: { find: async () => job as JobRecord | undefined },
    logger: {
      error: (_facts: object, text: string) => said.push(text),
      info: (text: string) => said.push(text),
    } as never,
  });
  for (const day of [20261101, 20261102, 20261120]) scene.tier.add('web', day, 10);
  await scene.follow(policy('tenant', 'search 9d -> delete'));
});

async function begin(): Promise<string> {
  const plan = await scene.planner.plan({ tenant: 'acme', by: BY_KEY });
  await scene.plans.keep(plan);
  await scene.starter.start({ plan, by: BY_KEY });
  scene.jobs.length = 0;
  return plan.id;
}
const stateOf = async (id: string) => (await scene.runs.find('acme', id))?.state;

it('begins the job of a run that a killed process left, and leaves one that is there', async () => {
  const id = await begin();
  job = { state: 'running' };
  await watch.run();
  expect(scene.jobs).toEqual([]);
  job = undefined;
  await watch.run();
  expect(scene.jobs.map((one) => one.id)).toEqual([id]);
});

it.each(['cancelled', 'failed'] as const)('ends a run whose job is %s and says no more', async (state) => {
  const id = await begin();
  job = { state, endedAt: scene.wall, error: 'the tier is out' };
  await watch.run();
  expect(await stateOf(id)).toBe('running');
  scene.pass(11 * MINUTE_MS);
  await watch.run();
  expect(await scene.runs.find('acme', id)).toMatchObject({ state, error: 'the tier is out' });
});

it('tells of a clock that is doubted once, and when it is trusted again', async () => {
  const shown = async () =>
    (await metrics.getSingleMetric('alluvium_retention_clock_doubted')?.get())?.values[0]?.value;
  await watch.run();
  expect(await shown()).toBe(0);
  scene.wall += 5 * 60 * MINUTE_MS;
  await watch.run();
  await watch.run();
  expect([await shown(), said]).toEqual([1, [expect.stringContaining('paused')]]);
  scene.wall -= 5 * 60 * MINUTE_MS;
  await watch.run();
  expect([await shown(), said[1]]).toEqual([0, expect.stringContaining('goes on')]);
});

it('shows days that should be gone, and those that a hold keeps, of tenants that have applied a plan', async () => {
  const drift = async () => (await metrics.getSingleMetric('alluvium_retention_drift_units')?.get())?.values;
  const held = async () => (await metrics.getSingleMetric('alluvium_retention_held_units')?.get())?.values;
  await watch.run();
  expect(await drift()).toEqual([]);
  await begin();
  await scene.hold({ stream: 'web', end_time: '2026-11-02T00:00:00Z' });
  await watch.run();
  expect(await drift()).toEqual([]);
  scene.pass(10 * MINUTE_MS);
  await watch.run();
  expect([await drift(), await held()]).toMatchObject([
    [{ labels: { tenant: 'acme' }, value: 1 }],
    [{ value: 1 }],
  ]);
});

it('says every ten minutes how many days lost events, also where no plan was ever applied', async () => {
  const lost = async () =>
    (await metrics.getSingleMetric('alluvium_retention_lost_units')?.get())?.values.map(({ value }) => value);
  await watch.run();
  scene.tier.blocks = scene.tier.blocks.filter(({ day }) => day !== 20261102);
  expect(await lost()).toEqual([0]);
  scene.pass(10 * MINUTE_MS);
  await watch.run();
  expect(await lost()).toEqual([1]);
});

it('says in the same round how many tables the engine deletes from by itself', async () => {
  const ttls = async () =>
    (await metrics.getSingleMetric('alluvium_retention_table_ttls')?.get())?.values.map(({ value }) => value);
  await watch.run();
  expect(await ttls()).toEqual([0]);
  scene.tier.ttls = [{ stream: 'web', ttl: 'TTL timestamp + 1' }];
  scene.pass(10 * MINUTE_MS);
  await watch.run();
  expect(await ttls()).toEqual([1]);
});
