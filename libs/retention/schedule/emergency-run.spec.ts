import { beforeEach, describe, expect, it } from 'vitest';
import type { ClockState } from '../clock/clock-guard.js';
import { BY_KEY, policy, RetentionScene } from '../testing/retention-scene.js';
import { EmergencyRun } from './emergency-run.js';
import { TenantRuns } from './tenant-runs.js';

const MINUTE_MS = 60_000;

let scene: RetentionScene;
let disks: { places: string[]; usedPercent: number; error?: string }[];
let at: number | undefined;
let run: EmergencyRun;
const said: object[] = [];
beforeEach(async () => {
  scene = new RetentionScene('web');
  await scene.settle();
  [disks, at] = [
    [
      { places: ['data'], usedPercent: 20 },
      { places: ['tier'], usedPercent: 84.9 },
    ],
    85,
  ];
  said.length = 0;
  const logger = { error: () => {}, info: () => {}, warn: (facts: object) => said.push(facts) } as never;
  const { planner, plans, runs, starter, catalogue } = scene;
  const tenants = new TenantRuns({ planner, plans, runs, starter, logger });
  run = new EmergencyRun({
    catalogue,
    tenants,
    logger,
    queue: scene.queue,
    disks: async () => disks,
    at: () => at,
  });
  for (const day of [20261101, 20261102, 20261120]) scene.tier.add('web', day, 10);
  await scene.follow(policy('tenant', 'search 9d -> delete'));
});

/** Runs that have begun by now; each is ended. */
async function tick(state: ClockState = 'trusted'): Promise<number> {
  await run.runIfDue({ now: scene.wall, state });
  for (const one of await scene.runs.unfinished()) await scene.finisher.finish(one, 'done');
  return (await scene.runs.list('acme')).length;
}
/** As after an admin's first plan, which had nothing to delete. */
async function arm(): Promise<void> {
  const none = { units: 0, events: 0, bytes: 0 };
  const first = { id: '20200101T000000-0', tenant: 'acme', by: BY_KEY, begun_at: '' };
  await scene.runs.begin({ ...first, state: 'done', planned: none });
}
const fill = (usedPercent: number): void => void (disks = [{ places: ['data', 'log'], usedPercent }]);

describe('while a disk is filling', () => {
  it('what policies no longer keep is deleted, and nothing else; the run and the audit record say why', async () => {
    await arm();
    expect(await tick()).toBe(1);
    fill(85);
    expect(await tick()).toBe(2);
    const [newest] = await scene.runs.list('acme');
    const by = { kind: 'emergency', places: 'data,log', used_percent: 85 };
    expect(newest).toMatchObject({ by, planned: { units: 2, events: 20 } });
    expect(said).toEqual([{ places: 'data,log', used_percent: 85 }]);
    expect(scene.jobs).toContainEqual({ kind: 'archive.trash', id: 'emergency', payload: { now: true } });
    const [entry] = (await scene.audit.list({}, { limit: 1 })).entries;
    expect(entry).toMatchObject({ action: 'retention.run', actor: { kind: 'appliance' } });
    expect(entry?.changes).toEqual(
      expect.arrayContaining([
        { field: 'reason', after: 'disk_emergency' },
        { field: 'used_percent', after: 85 },
      ]),
    );
  });

  it('that is done once in an hour', async () => {
    await arm();
    fill(99);
    expect(await tick()).toBe(2);
    scene.pass(60 * MINUTE_MS - 1);
    expect(await tick()).toBe(2);
    scene.pass(1);
    expect(await tick()).toBe(3);
  });

  it('nothing is deleted of a tenant without a first plan, nor what a hold keeps', async () => {
    fill(99);
    expect(await tick()).toBe(0);
    await arm();
    await scene.hold({ stream: 'web' });
    scene.pass(60 * MINUTE_MS);
    expect(await tick()).toBe(1);
  });

  it('nothing is deleted where the schedule is off, the clock is not trusted, or the disk can not be asked', async () => {
    await arm();
    fill(99);
    for (const state of ['settling', 'doubted'] as const) expect(await tick(state)).toBe(1);
    at = undefined;
    expect(await tick()).toBe(1);
    [at, disks] = [85, [{ places: ['data'], usedPercent: 100, error: 'input/output error' }]];
    expect(await tick()).toBe(1);
    expect(said).toEqual([]);
  });
});
