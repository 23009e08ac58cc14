import { describe, expect, it } from 'vitest';
import type { ArchiveStorageCase, ArchiveStorageHarness } from './contract-case.js';
import { keyCases } from './key.cases.js';
import { putCases } from './put.cases.js';
import { readCases } from './read.cases.js';
import { SEEDED_BUGS } from './seeded-bugs.js';

/** What every archive storage must keep. */
const CASES: readonly ArchiveStorageCase[] = [...putCases, ...readCases, ...keyCases];

type Start = () => Promise<ArchiveStorageHarness>;

async function runCase(
  testCase: ArchiveStorageCase,
  start: Start,
  wrap: (typeof SEEDED_BUGS)[number]['wrap'] = (right) => right,
): Promise<void> {
  const harness = await start();
  try {
    const crash = async () => wrap(await harness.crash());
    await testCase.run({ ...harness, storage: wrap(harness.storage), crash });
  } finally {
    await harness.stop();
  }
}

/** Holds an adapter to the port's promises, and the promises to seeded bugs; `start` gives an empty one for each case. */
export function describeArchiveStorageContract(adapter: string, start: Start): void {
  describe(`archive storage contract: ${adapter}`, () => {
    it.each(CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      (_promise, _name, testCase) => runCase(testCase, start),
    );
    it.each(SEEDED_BUGS)('is red for one that $bug', async ({ breaks, wrap }) => {
      const runs = CASES.filter(({ promise }) => promise === breaks).map((each) =>
        runCase(each, start, wrap),
      );
      await expect(Promise.all(runs)).rejects.toThrow();
      await Promise.allSettled(runs);
    });
  });
}
