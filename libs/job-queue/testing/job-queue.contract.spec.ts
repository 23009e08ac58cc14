import { describe, expect, it } from 'vitest';
import { startInProcessHarness } from './in-process-harness.js';
import { describeJobQueueContract, JOB_QUEUE_CASES, runJobQueueCase } from './job-queue.contract.js';
import { SEEDED_BUGS } from './seeded-bugs.js';

describeJobQueueContract('in-process, catalogue in memory', () => startInProcessHarness());

describe('the job queue contract is red for an adapter that', () => {
  it.each(SEEDED_BUGS)('$bug', async ({ breaks, open }) => {
    const cases = JOB_QUEUE_CASES.filter(({ promise }) => promise === breaks);
    const runs = cases.map((testCase) => runJobQueueCase(testCase, () => startInProcessHarness(open)));
    await expect(Promise.all(runs)).rejects.toThrow();
  });
});
