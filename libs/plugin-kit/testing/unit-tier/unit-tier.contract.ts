import { describe, it } from 'vitest';
import { runUnitTierCase, type UnitTierHarness } from './contract-case.js';
import { UNIT_TIER_CASES } from './unit-tier.cases.js';

const CASE_TIMEOUT_MS = 30_000;

/** Holds a tier to the promises of `UnitTier`: call it in a spec of the plugin. */
export function describeUnitTierContract(name: string, harness: UnitTierHarness): void {
  describe(`contract of tiers of units: ${name}`, () => {
    it.each(UNIT_TIER_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      async (_promise, _name, testCase) => runUnitTierCase(testCase, harness),
      CASE_TIMEOUT_MS,
    );
  });
}
