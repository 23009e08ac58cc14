import { describe, expect, it } from 'vitest';
import type { ContractTier, TierCase } from '#plugin-kit/testing';
import { runTierCase, SEEDED_TIER_BUGS, TIER_CASES } from '#plugin-kit/testing';
import type { ContractTiers } from './contract-tier.js';

/** That the tier contract is red on an engine for each seeded bug. */
export function describeSeededBugs(name: string, tiers: ContractTiers): void {
  describe(`the tier contract on ${name} is red for a tier that`, () => {
    it.each(SEEDED_TIER_BUGS)('$bug', async ({ breaks, wrap }) => {
      const cases = TIER_CASES.filter(({ promise }) => promise === breaks);
      expect(await anyIsRed(cases, tiers, wrap)).toBe(true);
    });
  });
}

async function anyIsRed(
  cases: readonly TierCase[],
  tiers: ContractTiers,
  wrap: (tier: ContractTier) => ContractTier,
): Promise<boolean> {
  for (const testCase of cases) {
    const isRed = await runTierCase(testCase, () => tiers.start(wrap)).then(
      () => false,
      () => true,
    );
    if (isRed) return true;
  }
  return false;
}
