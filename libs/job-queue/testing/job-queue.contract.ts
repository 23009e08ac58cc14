import { describe, expect, it } from 'vitest';
import type { JobQueueCase, JobQueueHarness } from './contract-case.js';
import { endingCases } from './ending.cases.js';
import { runningCases } from './running.cases.js';
import { SEEDED_BUGS, type Seeded } from './seeded-bugs.js';
import { timeCases } from './time.cases.js';

/** What every job queue must keep. */
const JOB_QUEUE_CASES: readonly JobQueueCase[] = [...runningCases, ...timeCases, ...endingCases];

/** Runs one case on an adapter of its own. */
async function runJobQueueCase(testCase: JobQueueCase, start: () => Promise<JobQueueHarness>): Promise<void> {
  const harness = await start();
  try {
    await testCase.run(harness);
  } finally {
    await harness.stop();
  }
}

/** Holds an adapter to the port's promises; `start` gives an empty one for each case. */
export function describeJobQueueContract(adapter: string, start: () => Promise<JobQueueHarness>): void {
  describe(`job queue contract: ${adapter}`, () => {
    it.each(JOB_QUEUE_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      (_promise, _name, testCase) => runJobQueueCase(testCase, start),
    );
  });
}

/** Shows that the contract is red for an adapter with a fault. */
export function describeSeededBugs(
  adapter: string,
  start: (seeded: Seeded) => Promise<JobQueueHarness>,
): void {
  describe(`the job queue contract is red, ${adapter}, for an adapter that`, () => {
    it.each(SEEDED_BUGS)('$bug', async ({ breaks, seeded }) => {
      const cases = JOB_QUEUE_CASES.filter(({ promise }) => promise === breaks);
      const runs = cases.map((testCase) => runJobQueueCase(testCase, () => start(seeded)));
      await expect(Promise.all(runs)).rejects.toThrow();
    });
  });
}
