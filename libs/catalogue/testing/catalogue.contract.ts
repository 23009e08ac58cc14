import { describe, it } from 'vitest';
import { collectionCases } from './collection.cases.js';
import type { CatalogueCase, CatalogueHarness } from './contract-case.js';
import { documentCases } from './document.cases.js';
import { lifecycleCases } from './lifecycle.cases.js';

/** What every catalogue must keep. */
export const CATALOGUE_CASES: readonly CatalogueCase[] = [
  ...documentCases,
  ...collectionCases,
  ...lifecycleCases,
];

/** Runs one case on an adapter of its own. */
export async function runCatalogueCase(
  testCase: CatalogueCase,
  start: () => Promise<CatalogueHarness>,
): Promise<void> {
  const harness = await start();
  try {
    await testCase.run(harness);
  } finally {
    await harness.stop();
  }
}

/** Holds an adapter to the port's promises; `start` gives an empty one for each case. */
export function describeCatalogueContract(adapter: string, start: () => Promise<CatalogueHarness>): void {
  describe(`catalogue contract: ${adapter}`, () => {
    it.each(CATALOGUE_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      (_promise, _name, testCase) => runCatalogueCase(testCase, start),
    );
  });
}
