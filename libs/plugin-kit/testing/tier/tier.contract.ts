import { describe, it } from 'vitest';
import type { TierCase, TierHarness, TierPromise } from './contract-case.js';
import { aggregateCases } from './aggregate.cases.js';
import { archiveCases } from './archive.cases.js';
import { blockCases } from './blocks.cases.js';
import { clientIdCases } from './client-ids.cases.js';
import { countCases } from './count.cases.js';
import { fieldsCases } from './fields.cases.js';
import { lifecycleCases } from './lifecycle.cases.js';
import { quarantineCases } from './quarantine.cases.js';
import { refusedCases } from './refused.cases.js';
import { restoreCases } from './restore.cases.js';
import { retentionCases } from './retention.cases.js';
import { rewriteCases } from './rewrite.cases.js';
import { searchCases } from './search.cases.js';
import { scanCases } from './scan.cases.js';
import { textCases } from './text.cases.js';
import { writeCases } from './write.cases.js';

/** What every tier that takes, counts and finds events must keep. */
export const TIER_CASES: readonly TierCase[] = [
  ...writeCases,
  ...clientIdCases,
  ...countCases,
  ...searchCases,
  ...aggregateCases,
  ...fieldsCases,
  ...quarantineCases,
  ...refusedCases,
  ...rewriteCases,
  ...retentionCases,
  ...archiveCases,
  ...restoreCases,
  ...textCases,
  ...scanCases,
  ...blockCases,
  ...lifecycleCases,
];

/** Runs one case with a tenant of its own. */
export async function runTierCase(testCase: TierCase, start: () => Promise<TierHarness>): Promise<void> {
  const harness = await start();
  try {
    await testCase.run(harness);
  } finally {
    await harness.stop();
  }
}

/** The cases of a tier that has not every power: those of the promises that its powers make. */
export function casesWithout(left: ReadonlySet<TierPromise>): readonly TierCase[] {
  return TIER_CASES.filter(({ promise }) => !left.has(promise));
}

/**
 * Holds a tier to the port's promises; `start` gives an open one, with a fresh tenant, for each case. `left` are promises of
 * powers that the tier does not have.
 */
export function describeTierContract(
  name: string,
  start: () => Promise<TierHarness>,
  left: ReadonlySet<TierPromise> = new Set(),
): void {
  describe(`tier contract: ${name}`, () => {
    it.each(casesWithout(left).map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      (_promise, _name, testCase) => runTierCase(testCase, start),
    );
  });
}
