import { describe, it } from 'vitest';
import type { NotifierHarness } from './contract-case.js';
import { NOTIFIER_CASES } from './notifier.cases.js';

const CASE_TIMEOUT_MS = 30_000;

/** Holds a notifier to the promises of `Notifier`, over the loopback network: call it in an integration spec of the plugin. */
export function describeNotifierContract(name: string, harness: NotifierHarness): void {
  describe(`notifier contract: ${name}`, () => {
    it.each(NOTIFIER_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      async (_promise, _name, testCase) => testCase.run(harness),
      CASE_TIMEOUT_MS,
    );
  });
}
