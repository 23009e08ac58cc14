import { describe, expect, it } from 'vitest';
import { describeEventBusContract, EVENT_BUS_CASES, runEventBusCase, SEEDED_BUGS } from '../testing/index.js';
import { startLmdbHarness } from './testing/lmdb-harness.js';

describeEventBusContract('lmdb', startLmdbHarness);

describe('the event bus contract is red for an adapter that', () => {
  it.each(SEEDED_BUGS)('$bug', async ({ breaks, wrap }) => {
    const held = EVENT_BUS_CASES.filter(({ promise }) => promise === breaks);
    await expect(runAll(held, () => startLmdbHarness(wrap))).rejects.toThrow();
    await expect(runAll(held, startLmdbHarness)).resolves.toBe(held.length);
  });
});

async function runAll(cases: typeof EVENT_BUS_CASES, start: typeof startLmdbHarness): Promise<number> {
  for (const testCase of cases) await runEventBusCase(testCase, start);
  return cases.length;
}
