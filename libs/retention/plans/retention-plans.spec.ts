import { expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { RetentionRuns } from '../runs/retention-runs.js';
import type { RetentionPlan } from './retention-plan.js';
import { MAX_PLANS, RetentionPlans } from './retention-plans.js';

const idOf = (n: number): string => `20261122T0000${String(n).padStart(3, '0')}-x`;

it('keeps the newest plans of a tenant that nobody applied, and each that somebody did', async () => {
  const catalogue = new MemoryCatalogue();
  const plans = new RetentionPlans(catalogue);
  const planned = { units: 0, events: 0, bytes: 0 };
  const by = { kind: 'schedule' } as const;
  await new RetentionRuns(catalogue).begin({
    ...{ id: idOf(1), tenant: 'acme', by, begun_at: '', state: 'running', planned },
  });
  await plans.keep({ id: idOf(0), tenant: 'acm' } as RetentionPlan);
  for (let n = 0; n < MAX_PLANS + 3; n += 1)
    await plans.keep({ id: idOf(n), tenant: 'acme' } as RetentionPlan);
  const there = async (n: number): Promise<boolean> => (await plans.find('acme', idOf(n))) !== undefined;
  const first = await Promise.all([0, 1, 2, 3, MAX_PLANS + 2].map(there));
  expect(first).toEqual([false, true, false, true, true]);
  expect(await plans.find('acm', idOf(0))).toBeDefined();
});
