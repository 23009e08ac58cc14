import { describe, it } from 'vitest';
import type { InputHarness } from './contract-case.js';
import { INPUT_CASES } from './input.cases.js';

/** Cases wait for silence, and a stop for its senders. */
const CASE_TIMEOUT_MS = 30_000;

/** Holds an input to the promises of `Input`, over the loopback network: call it in an integration spec of the plugin. */
export function describeInputContract(name: string, harness: InputHarness): void {
  describe(`input contract: ${name}`, () => {
    it.each(INPUT_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      async (_promise, _name, testCase) => testCase.run(harness),
      CASE_TIMEOUT_MS,
    );
  });
}
