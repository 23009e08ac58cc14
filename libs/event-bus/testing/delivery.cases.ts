import { expect } from 'vitest';
import { collect, CollectingConsumer } from './collecting-consumer.js';
import type { EventBusCase } from './contract-case.js';
import { makeBatch } from './make-block.js';

/** A promise that the test settles. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export const deliveryCases: readonly EventBusCase[] = [
  {
    promise: 'bounds',
    name: 'a consumer that waits gets a block as soon as it is published',
    distributed: 'fetch.min.bytes 1; the broker holds the fetch until there is something',
    async run({ bus }) {
      const consumer = new CollectingConsumer();
      await bus.subscribe(consumer);
      for (const [nth, text] of ['1', '2', '3'].entries()) {
        await bus.publish([makeBatch(text)]);
        await consumer.until(nth + 1);
      }
      expect(consumer.texts).toEqual(['1', '2', '3']);
    },
  },
  {
    promise: 'bounds',
    name: 'a consumer without room gets one block of a lane and no more, and publishing goes on',
    distributed: 'the partition is paused while its handler has no room',
    async run({ bus }) {
      const room = gate();
      const consumer = new CollectingConsumer(() => room.opened);
      await bus.subscribe(consumer);
      await bus.publish([makeBatch('1', '2', '3')]);
      await consumer.until(1);
      for (let nth = 4; nth <= 20; nth += 1) await bus.publish([makeBatch(String(nth))]);
      expect(consumer.texts).toEqual(['1']);
      room.open();
      await consumer.until(20);
      expect(consumer.texts).toEqual(Array.from({ length: 20 }, (_, nth) => String(nth + 1)));
    },
  },
  {
    promise: 'replay',
    name: 'a block that its consumer refuses comes again, before any later one',
    distributed: 'the consumer seeks back to the offset of the refused record and pauses for a while',
    async run({ bus }) {
      let refusals = 2;
      const refuse = (): Promise<void> => {
        refusals -= 1;
        return refusals >= 0 ? Promise.reject(new Error('not now')) : Promise.resolve();
      };
      const consumer = new CollectingConsumer(refuse);
      await bus.subscribe(consumer);
      await bus.publish([makeBatch('1', '2')]);
      await consumer.until(4);
      expect(consumer.texts).toEqual(['1', '1', '1', '2']);
      expect(new Set(consumer.deliveries.slice(0, 3).map((delivery) => delivery.position)).size).toBe(1);
    },
  },
  {
    promise: 'replay',
    name: 'what was delivered and not committed comes again after a death, the same as before',
    distributed: 'the group goes on at its committed offset',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2', '3')]);
      const before = await collect(harness.bus, 3);
      const after = await collect(await harness.crash(), 3);
      const identity = ({ consumer }: typeof before): unknown =>
        consumer.deliveries.map(({ block, lane, position }) => [block.header, lane, position]);
      expect(identity(after)).toEqual(identity(before));
      expect(after.consumer.texts).toEqual(['1', '2', '3']);
    },
  },
  {
    promise: 'stop',
    name: 'a stopped subscription runs no handler any more, and its commits still count',
    distributed:
      'the consumer pauses, finishes its handler, commits, and leaves the group at the stop of the bus',
    async run(harness) {
      await harness.bus.publish([makeBatch('1', '2')]);
      const { consumer, subscription } = await collect(harness.bus, 2);
      await subscription.stop();
      await subscription.stop();
      await harness.bus.publish([makeBatch('3')]);
      await subscription.commit([consumer.of('1')]);
      const after = await collect(await harness.restart(), 2);
      expect(consumer.texts).toEqual(['1', '2']);
      expect(after.consumer.texts).toEqual(['2', '3']);
    },
  },
];
