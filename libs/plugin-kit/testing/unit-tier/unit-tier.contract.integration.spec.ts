import { describe, expect, it } from 'vitest';
import { runUnitTierCase } from './contract-case.js';
import { SEEDED_UNIT_TIER_BUGS, SOUND_UNIT_TIER } from './seeded-bugs.js';
import { UNIT_TIER_CASES } from './unit-tier.cases.js';
import { describeUnitTierContract } from './unit-tier.contract.js';

describeUnitTierContract('a sound tier', SOUND_UNIT_TIER);

describe('the contract of tiers of units', () => {
  it.each(SEEDED_UNIT_TIER_BUGS.map((seeded) => [seeded.bug, seeded.breaks, seeded] as const))(
    'finds one that %s by its promise "%s"',
    async (_bug, promise, { harness }) => {
      const failing: string[] = [];
      for (const testCase of UNIT_TIER_CASES.filter((one) => one.promise === promise))
        await runUnitTierCase(testCase, harness).catch(() => failing.push(testCase.promise));
      expect(failing).toContain(promise);
    },
    30_000,
  );
});
