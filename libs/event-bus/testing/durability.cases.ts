import { expect } from 'vitest';
import { collect, waitingTexts } from './collecting-consumer.js';
import type { EventBusCase } from './contract-case.js';
import { makeBatch, makeBlock, textOf } from './make-block.js';

export const durabilityCases: readonly EventBusCase[] = [
  {
    promise: 'durable',
    name: 'what was answered is there when the process dies at once, header and bytes equal',
    distributed: 'the produce answers after acks=all of min.insync.replicas 2; headers are record headers',
    async run(harness) {
      const block = makeBlock(['{"a":1}', '{"ü":"\u0000 \\u0000"}'], {
        format: 'lines',
        parser: 'cef',
        offset: 5000,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      });
      await harness.bus.publish([{ blocks: [block] }]);
      const { consumer } = await collect(await harness.crash(), 1);
      const [delivery] = consumer.deliveries;
      expect(delivery?.block.header).toEqual(block.header);
      expect(Buffer.from(delivery?.block.body ?? []).equals(block.body)).toBe(true);
    },
  },
  {
    promise: 'durable',
    name: 'a death before the commit leaves all of the publish or nothing of it',
    distributed: 'the batches of one publish are one transaction; a consumer reads committed records only',
    async run(harness) {
      const bus = await harness.crashAt('bus.before-commit', () =>
        harness.bus.publish([makeBatch('one', 'two'), makeBatch('three')]),
      );
      expect([[], ['one', 'two', 'three']]).toContainEqual(await waitingTexts(bus));
    },
  },
  {
    promise: 'durable',
    name: 'a death after the commit and before the answer keeps the publish',
    distributed: 'the records are committed although the producer never heard of it',
    async run(harness) {
      const bus = await harness.crashAt('bus.after-commit', () =>
        harness.bus.publish([makeBatch('one', 'two')]),
      );
      expect(await waitingTexts(bus)).toEqual(['one', 'two']);
    },
  },
  {
    promise: 'durable',
    name: 'a block of one line of a MiB comes back byte for byte, also from the store',
    distributed: 'max.message.bytes and max.request.size are set to 2 MiB',
    async run(harness) {
      const long = makeBlock('x'.repeat(1024 * 1024));
      await harness.bus.publish([{ blocks: [long] }]);
      const { consumer } = await collect(await harness.restart(), 1);
      expect(Buffer.from(consumer.deliveries[0]?.block.body ?? []).equals(long.body)).toBe(true);
    },
  },
  {
    promise: 'order',
    name: 'blocks come in the order in which they were published, over restarts too',
    distributed: 'one partition is one lane; max.in.flight 1 or an idempotent producer keeps the order',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2'), makeBatch('3')]);
      await harness.bus.publish([makeBatch('4')]);
      const bus = await harness.restart();
      await bus.publish([makeBatch('5'), makeBatch('6', '7')]);
      expect(await waitingTexts(bus)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    },
  },
  {
    promise: 'order',
    name: 'publishes at the same time keep the blocks of each in order, and lose none',
    distributed: 'as above; the records of one publish go in one produce request',
    async run({ bus }) {
      const names = Array.from({ length: 20 }, (_, nth) => String(nth));
      await Promise.all(names.map((name) => bus.publish([makeBatch(`${name} a`, `${name} b`, `${name} c`)])));
      const texts = await waitingTexts(bus);
      expect(texts).toHaveLength(60);
      for (const name of names)
        expect(texts.filter((text) => text.startsWith(`${name} `))).toEqual([
          `${name} a`,
          `${name} b`,
          `${name} c`,
        ]);
    },
  },
  {
    promise: 'order',
    name: 'positions rise within a lane, also where the log was empty at a restart',
    distributed: 'offsets',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2')]);
      const before = await collect(harness.bus, 2);
      await before.subscription.commit(before.consumer.deliveries);
      const bus = await harness.restart();
      await bus.publish([makeBatch('3')]);
      const after = await collect(bus, 1);
      const deliveries = [...before.consumer.deliveries, ...after.consumer.deliveries];
      expect(deliveries.map((delivery) => textOf(delivery.block))).toEqual(['1', '2', '3']);
      const positions = deliveries.map((delivery) => delivery.position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    },
  },
];
