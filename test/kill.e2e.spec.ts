import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Oracle } from './oracle/oracle.js';
import { planFaults, type FaultPlan } from './oracle/faults.js';
import { Appliance } from './support/start-appliance.js';

/** Few rounds with a fixed seed; `npm run oracle` has many, with a seed of the day. */
describe('kill -9 under load (F1)', () => {
  let appliance: Appliance | undefined;
  let directory = '';
  afterEach(async () => {
    await appliance?.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  async function judge(plan: Omit<FaultPlan, 'rounds'> & { readonly rounds: number }): Promise<Oracle> {
    directory = await mkdtemp(join(tmpdir(), 'alluvium-kill-'));
    appliance = await Appliance.prepare();
    const oracle = new Oracle(appliance, {
      plan: { run: `kill${plan.mode}`, seed: plan.seed, baseMs: Date.now() },
      faults: planFaults(plan),
      connections: 4,
      verifyEvery: 3,
      eventsPerRound: 4_000,
      obligationsPath: join(directory, 'obligations.ndjson'),
      log: () => undefined,
    });
    await oracle.run();
    return oracle;
  }

  it('finds every acknowledged event exactly once after kills at random moments', async () => {
    const oracle = await judge({ mode: 'kill', rounds: 3, seed: 3, points: [] });
    expect(oracle.violations.describe()).toBe('');
    expect(oracle.tally.acknowledged).toBeGreaterThan(0);
  });

  it('and after kills between the steps of a batch', async () => {
    const points = ['worker.after-state', 'worker.after-insert', 'bus.after-commit'];
    const oracle = await judge({ mode: 'points', rounds: 3, seed: 4, points });
    expect(oracle.violations.describe()).toBe('');
  });
});
