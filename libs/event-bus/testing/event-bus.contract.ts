import { describe, it } from 'vitest';
import { accountingCases } from './accounting.cases.js';
import { commitCases } from './commit.cases.js';
import type { EventBusCase, EventBusHarness } from './contract-case.js';
import { deliveryCases } from './delivery.cases.js';
import { durabilityCases } from './durability.cases.js';
import { idempotencyCases } from './idempotency.cases.js';
import { lifecycleCases } from './lifecycle.cases.js';

/** What every event bus must keep. */
export const EVENT_BUS_CASES: readonly EventBusCase[] = [
  ...durabilityCases,
  ...deliveryCases,
  ...commitCases,
  ...idempotencyCases,
  ...accountingCases,
  ...lifecycleCases,
];

/** Runs one case on an adapter of its own. */
export async function runEventBusCase(
  testCase: EventBusCase,
  start: () => Promise<EventBusHarness>,
): Promise<void> {
  const harness = await start();
  try {
    await testCase.run(harness);
  } finally {
    await harness.stop();
  }
}

/** Holds an adapter to the port's promises; `start` gives an empty one for each case. */
export function describeEventBusContract(adapter: string, start: () => Promise<EventBusHarness>): void {
  describe(`event bus contract: ${adapter}`, () => {
    it.each(EVENT_BUS_CASES.map((testCase) => [testCase.promise, testCase.name, testCase] as const))(
      '%s: %s',
      (_promise, _name, testCase) => runEventBusCase(testCase, start),
    );
  });
}
