import { describe, expect, it } from 'vitest';
import { NOTIFIER_CASES } from './notifier.cases.js';
import { describeNotifierContract } from './notifier.contract.js';
import { postHarness, SEEDED_NOTIFIER_BUGS, SOUND_NOTIFIER } from './seeded-bugs.js';

describeNotifierContract('a sound notifier', postHarness(SOUND_NOTIFIER));

describe('the contract of notifiers', () => {
  it.each(SEEDED_NOTIFIER_BUGS.map((seeded) => [seeded.bug, seeded.breaks, seeded] as const))(
    'finds one that %s by its promise "%s"',
    async (_bug, promise, { notifier }) => {
      const failing: string[] = [];
      for (const testCase of NOTIFIER_CASES.filter((one) => one.promise === promise))
        await testCase.run(postHarness(notifier)).catch(() => failing.push(testCase.promise));
      expect(failing).toContain(promise);
    },
    60_000,
  );
});
