import { describe, it } from 'vitest';
import type { ParserHarness } from './contract-case.js';
import { PARSER_CASES } from './parser-cases.js';

/** A case reads 80 MiB; a busy machine takes its time for that. */
export const CASE_TIMEOUT_MS = 60_000;

/** Holds a parser to the promises of `Parser`; called for every parser plugin by `describePluginContract`. */
export function describeParserContract(name: string, start: () => Promise<ParserHarness>): void {
  describe(`parser contract: ${name}`, () => {
    it.each(PARSER_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      async (_promise, _name, testCase) => testCase.run(await start()),
      CASE_TIMEOUT_MS,
    );
  });
}
