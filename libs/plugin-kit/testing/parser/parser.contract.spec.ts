import { describe, expect, it } from 'vitest';
import { PARSER_CASES } from './parser-cases.js';
import { CASE_TIMEOUT_MS, describeParserContract } from './parser.contract.js';
import { PAIR_LINES, SEEDED_PARSER_BUGS, SOUND_PARSER } from './seeded-bugs.js';

describeParserContract('a sound parser', async () => ({ parser: SOUND_PARSER, samples: PAIR_LINES }));

describe('the contract of parsers', () => {
  it.each(SEEDED_PARSER_BUGS.map((seeded) => [seeded.bug, seeded.breaks, seeded] as const))(
    'finds one that %s by its promise "%s"',
    (_bug, promise, { make }) => {
      const failing = PARSER_CASES.filter((testCase) => {
        try {
          testCase.run({ parser: make(), samples: PAIR_LINES });
          return false;
        } catch {
          return true;
        }
      });
      expect(failing.map((testCase) => testCase.promise)).toContain(promise);
    },
    CASE_TIMEOUT_MS,
  );
});
