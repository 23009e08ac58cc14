import { afterAll, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { describeEventBusContract, EVENT_BUS_CASES, runEventBusCase, SEEDED_BUGS } from '../testing/index.js';
import { startKafkaHarness } from './testing/kafka-harness.js';
import { startTestKafka } from './testing/test-kafka.js';

const kafka = await startTestKafka();
afterAll(() => kafka.stop());

describeEventBusContract('kafka', () => startKafkaHarness(kafka.brokers));
describeEventBusContract('kafka, one of several processes', () =>
  startKafkaHarness(kafka.brokers, undefined, new MemoryCatalogue()),
);

describe('the event bus contract on Kafka is red for an adapter that', () => {
  it.each(SEEDED_BUGS)('$bug', async ({ breaks, wrap }) => {
    const held = EVENT_BUS_CASES.filter(({ promise }) => promise === breaks);
    const runAll = async (): Promise<void> => {
      for (const testCase of held)
        await runEventBusCase(testCase, () => startKafkaHarness(kafka.brokers, wrap));
    };
    await expect(runAll()).rejects.toThrow();
  });
});
