import { beforeEach, expect, it } from 'vitest';
import type { RetentionPlan } from '../plans/retention-plan.js';
import { RetentionScene } from '../testing/retention-scene.js';
import { TenantRuns } from './tenant-runs.js';

const UNIT = {
  ...{ stream: 'web', tier: 'archive', day: 20251101, generation: 0, events: 1, bytes: 1 },
  ...{ oldest: '1', newest: '1', why: 'age', policy: 'tenant' },
} as const;

let scene: RetentionScene;
let planned: Partial<RetentionPlan>;
let runs: TenantRuns;
beforeEach(async () => {
  scene = new RetentionScene('web');
  await scene.settle();
  planned = {};
  const { plans, starter } = scene;
  const planner = {
    plan: async (request: Parameters<typeof scene.planner.plan>[0]) => ({
      ...(await scene.planner.plan(request)),
      ...planned,
    }),
  };
  const logger = { error: (facts: object) => expect.unreachable(JSON.stringify(facts)), info: () => {} };
  runs = new TenantRuns({ planner, plans, runs: scene.runs, starter, logger: logger as never });
  const first = { id: '20200101T000000-0', tenant: 'acme', by: { kind: 'schedule' }, begun_at: '' } as const;
  await scene.runs.begin({ ...first, state: 'done', planned: { units: 0, events: 0, bytes: 0 } });
});

it.each(['copying', 'moving', 'expiring'] as const)(
  'a plan that has only units in %s is applied',
  async (list) => {
    planned = { [list]: [UNIT] };
    await runs.begin(scene.wall, { by: { kind: 'schedule' } });
    expect(scene.jobs).toMatchObject([{ kind: 'retention.apply', payload: { tenant: 'acme' } }]);
  },
);

it('a plan without a unit is not kept, and nothing begins', async () => {
  await runs.begin(scene.wall, { by: { kind: 'schedule' } });
  expect([scene.jobs, await scene.runs.list('acme')]).toMatchObject([[], [{ id: '20200101T000000-0' }]]);
});
