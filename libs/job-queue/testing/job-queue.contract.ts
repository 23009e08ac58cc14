import { describe, it } from 'vitest';
import type { JobQueueCase, JobQueueHarness } from './contract-case.js';
import { endingCases } from './ending.cases.js';
import { runningCases } from './running.cases.js';
import { timeCases } from './time.cases.js';

/** What every job queue must keep. */
export const JOB_QUEUE_CASES: readonly JobQueueCase[] = [...runningCases, ...timeCases, ...endingCases];

/** Runs one case on an adapter of its own. */
export async function runJobQueueCase(
  testCase: JobQueueCase,
  start: () => Promise<JobQueueHarness>,
): Promise<void> {
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
