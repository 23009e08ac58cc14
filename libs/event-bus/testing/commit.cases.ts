import { expect } from 'vitest';
import { collect, CollectingConsumer, waitingTexts } from './collecting-consumer.js';
import type { EventBusCase } from './contract-case.js';
import { makeBatch } from './make-block.js';

export const commitCases: readonly EventBusCase[] = [
  {
    promise: 'commit',
    name: 'what was committed never comes again, whatever the process does next',
    distributed: 'offsets are committed with acks of the group coordinator',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2')]);
      const { consumer, subscription } = await collect(harness.bus, 2);
      await subscription.commit(consumer.deliveries);
      expect(await waitingTexts(await harness.crash())).toEqual([]);
    },
  },
  {
    promise: 'commit',
    name: 'blocks are committed in any order; only those that were not come again',
    distributed:
      'the committed offset is that before the oldest open block, its metadata lists the later ones',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2', '3', '4', '5')]);
      const { consumer, subscription } = await collect(harness.bus, 5);
      await subscription.commit([consumer.of('5'), consumer.of('2')]);
      await subscription.commit([consumer.of('1')]);
      expect(await waitingTexts(await harness.crash())).toEqual(['3', '4']);
    },
  },
  {
    promise: 'commit',
    name: 'a repeated commit, and one of nothing, change nothing',
    distributed: 'offsets do not go back',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2')]);
      const { consumer, subscription } = await collect(harness.bus, 2);
      await Promise.all([subscription.commit([consumer.of('1')]), subscription.commit([consumer.of('1')])]);
      await subscription.commit([consumer.of('1')]);
      await subscription.commit([]);
      expect(harness.bus.backlog().blocks).toBe(1);
      expect(await waitingTexts(await harness.restart())).toEqual(['2']);
    },
  },
  {
    promise: 'commit',
    name: 'a death before the removal brings the blocks again',
    distributed: 'the offset commit was not sent',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2')]);
      const { consumer, subscription } = await collect(harness.bus, 2);
      const bus = await harness.crashAt('bus.before-remove', () => subscription.commit(consumer.deliveries));
      expect(await waitingTexts(bus)).toEqual(['1', '2']);
    },
  },
  {
    promise: 'commit',
    name: 'a death after the removal and before the answer does not bring them again',
    distributed: 'the coordinator has the offset although the consumer never heard of it',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2')]);
      const { consumer, subscription } = await collect(harness.bus, 2);
      const bus = await harness.crashAt('bus.after-remove', () => subscription.commit([consumer.of('1')]));
      expect(await waitingTexts(bus)).toEqual(['2']);
    },
  },
  {
    promise: 'fencing',
    name: 'the newest subscription owns the lane: an older one is told, and its commits are refused',
    distributed:
      'a rebalance revokes the partition; a commit of an old generation is refused by the coordinator',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2')]);
      const old = await collect(harness.bus, 2);
      const current = await collect(harness.bus, 2);
      expect(old.consumer.revoked).toEqual(['0']);
      const refused = old.subscription.commit(old.consumer.deliveries);
      await expect(refused).rejects.toMatchObject({ code: 'fenced', retryable: false });
      expect(harness.bus.backlog().blocks).toBe(2);
      await current.subscription.commit([current.consumer.of('1')]);
      expect(await waitingTexts(await harness.crash())).toEqual(['2']);
    },
  },
  {
    promise: 'fencing',
    name: 'a revoked consumer gets no block that comes later',
    distributed: 'as above',
    async run({ bus }) {
      const old = new CollectingConsumer();
      await bus.subscribe(old);
      const current = new CollectingConsumer();
      await bus.subscribe(current);
      await bus.publish([makeBatch('1')]);
      await current.until(1);
      expect([old.texts, current.texts]).toEqual([[], ['1']]);
    },
  },
  {
    promise: 'fencing',
    name: 'epochs rise with every assignment, over a death too',
    distributed: 'an epoch record in the catalogue, raised by compare-and-set at each assignment',
    async run(harness) {
      const consumer = new CollectingConsumer();
      await harness.bus.subscribe(consumer);
      await harness.bus.subscribe(consumer);
      await (await harness.crash()).subscribe(consumer);
      const [first = 0, second = 0, third = 0] = consumer.epochs;
      expect(first).toBeGreaterThan(0);
      expect(second).toBeGreaterThan(first);
      expect(third).toBeGreaterThan(second);
    },
  },
];
