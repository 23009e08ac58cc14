import { describe, expect, it } from 'vitest';
import { describeTierContract, runTierCase, SEEDED_TIER_BUGS, TIER_CASES } from '#plugin-kit/testing';
import type { ContractTiers } from './contract-tier.js';

/** The contract on an engine, and that it is red there for each seeded bug. */
export function describeContractOn(name: string, tiers: ContractTiers): void {
  describeTierContract(name, () => tiers.start());

  describe(`the tier contract on ${name} is red for a tier that`, () => {
    it.each(SEEDED_TIER_BUGS)('$bug', async ({ breaks, wrap }) => {
      const cases = TIER_CASES.filter(({ promise }) => promise === breaks);
      const ends = [];
      for (const testCase of cases)
        ends.push(
          await runTierCase(testCase, () => tiers.start(wrap)).then(
            () => 'green',
            () => 'red',
          ),
        );
      expect(ends).toContain('red');
    });
  });
}
