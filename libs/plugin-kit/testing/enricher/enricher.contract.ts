import { describe, it } from 'vitest';
import type { EnricherHarness } from './contract-case.js';
import { ENRICHER_CASES } from './enricher.cases.js';

const CASE_TIMEOUT_MS = 30_000;

/** Holds an enricher to the promises of `Enricher`: call it in a spec of the plugin. */
export function describeEnricherContract(name: string, harness: EnricherHarness): void {
  describe(`enricher contract: ${name}`, () => {
    it.each(ENRICHER_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      async (_promise, _name, testCase) => testCase.run(harness),
      CASE_TIMEOUT_MS,
    );
  });
}
