import { describe, expect, it } from 'vitest';
import { ENRICHER_CASES } from './enricher.cases.js';
import { describeEnricherContract } from './enricher.contract.js';
import { pairHarness, SEEDED_ENRICHER_BUGS, SOUND_ENRICHER } from './seeded-bugs.js';

describeEnricherContract('a sound enricher', pairHarness(SOUND_ENRICHER));

describe('the contract of enrichers', () => {
  it.each(SEEDED_ENRICHER_BUGS.map((seeded) => [seeded.bug, seeded.breaks, seeded] as const))(
    'finds one that %s by its promise "%s"',
    async (_bug, promise, { enricher }) => {
      const failing: string[] = [];
      for (const testCase of ENRICHER_CASES.filter((one) => one.promise === promise))
        await testCase.run(pairHarness(enricher)).catch(() => failing.push(testCase.promise));
      expect(failing).toContain(promise);
    },
    30_000,
  );
});
