import { expect } from 'vitest';
import { collect, waitingTexts } from './collecting-consumer.js';
import type { EventBusCase } from './contract-case.js';
import { makeBatch, makeIdempotentBatch } from './make-block.js';

const distributed = 'the key is reserved in the catalogue (compare-and-set), then produced, then completed';
const repeated = { kind: 'repeated', bodyHash: 'hash of first', answer: 'answer for first' };

export const idempotencyCases: readonly EventBusCase[] = [
  {
    promise: 'idempotency',
    name: 'a repeat writes nothing and hears what the first left, also with another body',
    distributed,
    async run({ bus }) {
      const [first] = await bus.publish([makeIdempotentBatch('default/k', 'first')]);
      const again = await bus.publish([makeIdempotentBatch('default/k', 'first')]);
      const other = await bus.publish([makeIdempotentBatch('default/k', 'other')]);
      expect([first, ...again, ...other]).toEqual([{ kind: 'published' }, repeated, repeated]);
      expect(await waitingTexts(bus)).toEqual(['first']);
    },
  },
  {
    promise: 'idempotency',
    name: 'of two publishes with one key at the same time exactly one is written',
    distributed,
    async run({ bus }) {
      const publishes = ['first', 'first', 'first'].map((text) =>
        bus.publish([makeIdempotentBatch('k', text)]),
      );
      const kinds = (await Promise.all(publishes)).flat().map((outcome) => outcome.kind);
      expect(kinds.sort()).toEqual(['published', 'repeated', 'repeated']);
      expect(await waitingTexts(bus)).toEqual(['first']);
    },
  },
  {
    promise: 'idempotency',
    name: 'of two batches of one publish with one key exactly one is written, and the others are',
    distributed,
    async run({ bus }) {
      const outcomes = await bus.publish([
        makeBatch('before'),
        makeIdempotentBatch('k', 'first'),
        makeIdempotentBatch('k', 'first'),
        makeBatch('after'),
      ]);
      const published = { kind: 'published' };
      expect(outcomes).toEqual([published, published, repeated, published]);
      expect(await waitingTexts(bus)).toEqual(['before', 'first', 'after']);
    },
  },
  {
    promise: 'idempotency',
    name: 'a key outlives its blocks and the process',
    distributed,
    async run(harness) {
      const key = `default/${'long '.repeat(500)}`;
      await harness.bus.publish([makeIdempotentBatch(key, 'first')]);
      const { consumer, subscription } = await collect(harness.bus, 1);
      await subscription.commit(consumer.deliveries);
      const bus = await harness.crash();
      expect(await bus.publish([makeIdempotentBatch(key, 'first')])).toEqual([repeated]);
      expect(await waitingTexts(bus)).toEqual([]);
    },
  },
  {
    promise: 'idempotency',
    name: 'a death after the commit keeps key and blocks together',
    distributed,
    async run(harness) {
      const publish = () => harness.bus.publish([makeIdempotentBatch('k', 'first')]);
      const bus = await harness.crashAt('bus.after-commit', publish);
      expect(await bus.publish([makeIdempotentBatch('k', 'first')])).toEqual([repeated]);
      expect(await waitingTexts(bus)).toEqual(['first']);
    },
  },
  {
    promise: 'expiry',
    name: 'keys are forgotten when their time is over, the others stay',
    distributed: 'a TTL index on the key records; expire reports what it removed itself',
    async run(harness) {
      await harness.bus.publish([makeIdempotentBatch('old', 'first', 1000)]);
      await harness.bus.publish([makeIdempotentBatch('new', 'first', 2000)]);
      expect(await harness.bus.expire(1500, 0)).toMatchObject({ idempotencyKeys: 1 });
      expect(await harness.bus.expire(1500, 0)).toMatchObject({ idempotencyKeys: 0 });
      const bus = await harness.crash();
      const outcomes = await bus.publish([
        makeIdempotentBatch('old', 'again', 3000),
        makeIdempotentBatch('new', 'again', 3000),
      ]);
      expect(outcomes).toEqual([{ kind: 'published' }, repeated]);
    },
  },
];
