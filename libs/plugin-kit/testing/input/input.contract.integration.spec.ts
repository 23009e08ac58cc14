import { describe, expect, it } from 'vitest';
import { INPUT_CASES } from './input.cases.js';
import { describeInputContract } from './input.contract.js';
import { lineHarness, SEEDED_INPUT_BUGS, SOUND_INPUT } from './seeded-bugs.js';

describeInputContract('a sound input', lineHarness(SOUND_INPUT));

/** Cases wait for what never comes, and there are nine of them. */
const ALL_CASES_MS = 120_000;

describe('the contract of inputs', () => {
  it.each(SEEDED_INPUT_BUGS.map((seeded) => [seeded.bug, seeded.breaks, seeded] as const))(
    'finds one that %s by its promise "%s"',
    async (_bug, promise, { input }) => {
      const failing: string[] = [];
      for (const testCase of INPUT_CASES.filter((one) => one.promise === promise))
        await testCase.run(lineHarness(input)).catch(() => failing.push(testCase.promise));
      expect(failing).toContain(promise);
    },
    ALL_CASES_MS,
  );
});
