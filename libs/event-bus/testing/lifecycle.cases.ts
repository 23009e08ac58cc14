import { expect } from 'vitest';
import { collect, waitingTexts } from './collecting-consumer.js';
import type { EventBusCase } from './contract-case.js';
import { makeBatch, makeBlock } from './make-block.js';

export const lifecycleCases: readonly EventBusCase[] = [
  {
    promise: 'stop',
    name: 'a stop waits for publishes under way and is legal before any other call, and again',
    distributed: 'the producer is flushed and disconnected',
    async run(harness) {
      const publishes = ['1', '2', '3'].map((text) => harness.bus.publish([makeBatch(text)]));
      await harness.bus.stop();
      await harness.bus.stop();
      expect((await Promise.all(publishes)).flat()).toHaveLength(3);
      expect(await waitingTexts(await harness.restart())).toEqual(['1', '2', '3']);
      await (await harness.restart()).stop();
    },
  },
  {
    promise: 'stop',
    name: 'a stopped bus refuses what it would lose, and says that it may be sent again',
    distributed: 'the same',
    async run(harness) {
      await harness.bus.publish([makeBatch('1')]);
      const { consumer, subscription } = await collect(harness.bus, 1);
      await harness.bus.stop();
      const refusal = { code: 'bus_unavailable', retryable: true };
      await expect(harness.bus.publish([makeBatch('2')])).rejects.toMatchObject(refusal);
      await expect(subscription.commit(consumer.deliveries)).rejects.toMatchObject(refusal);
      expect(await waitingTexts(await harness.restart())).toEqual(['1']);
    },
  },
  {
    promise: 'stop',
    name: 'a stop lets go of those who wait for a commit',
    distributed: 'the same',
    async run({ bus }) {
      const block = makeBlock('1');
      await bus.publish([{ blocks: [block] }]);
      const waiting = bus.whenCommitted([block.header.id], 3_600_000);
      await bus.stop();
      expect(await waiting).toBe(false);
    },
  },
  {
    promise: 'durable',
    name: 'a bus that works says so',
    distributed: 'a fault is a producer that lost its brokers',
    async run({ bus }) {
      await bus.publish([makeBatch('1')]);
      expect(bus.status()).toEqual({ corruptBlocks: 0 });
    },
  },
];
