import { expect } from 'vitest';
import { collect, waitingTexts } from './collecting-consumer.js';
import type { EventBusCase } from './contract-case.js';
import { makeBatch, makeBlock, makeIdempotentBatch, RECEIVED_MS } from './make-block.js';

const MINUTE_MS = 60_000;
const minute = RECEIVED_MS - (RECEIVED_MS % MINUTE_MS);
const at = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const origin = { tenant: 'default', stream: 'default', source: 'test' };
const distributed =
  'the counts are records of the same transaction as the blocks, summed by a compacted topic';

export const accountingCases: readonly EventBusCase[] = [
  {
    promise: 'counts',
    name: 'received events are counted by tenant, stream, source and minute, and survive a death',
    distributed,
    async run(harness) {
      await harness.bus.publish([
        { blocks: [makeBlock(['a', 'b']), makeBlock('c', { receivedAt: at(minute + MINUTE_MS) })] },
        { blocks: [makeBlock('d', { tenant: 'other' }), makeBlock('e', { source: 'agent' })] },
      ]);
      await Promise.all([1, 2, 3].map((nth) => harness.bus.publish([makeBatch(`more ${nth}`)])));
      const counts = await (await harness.crash()).received(minute, minute + MINUTE_MS);
      const expected = [
        { ...origin, minute, events: 5 },
        { ...origin, minute: minute + MINUTE_MS, events: 1 },
        { ...origin, tenant: 'other', minute, events: 1 },
        { ...origin, source: 'agent', minute, events: 1 },
      ];
      expect(counts).toHaveLength(expected.length);
      expect(counts).toEqual(expect.arrayContaining(expected));
    },
  },
  {
    promise: 'counts',
    name: 'both bounds of the minutes are inclusive, and nothing beyond them is told',
    distributed,
    async run({ bus }) {
      const blocks = [-1, 0, 1, 2].map((nth) => makeBlock('x', { receivedAt: at(minute + nth * MINUTE_MS) }));
      await bus.publish([{ blocks }]);
      const counts = await bus.received(minute, minute + MINUTE_MS);
      expect(counts.map((count) => count.minute)).toEqual([minute, minute + MINUTE_MS]);
    },
  },
  {
    promise: 'counts',
    name: 'a repeat is not counted, and a commit takes nothing off',
    distributed,
    async run({ bus }) {
      await bus.publish([makeIdempotentBatch('k', 'first'), makeIdempotentBatch('k', 'first')]);
      await bus.publish([makeIdempotentBatch('k', 'first')]);
      const { consumer, subscription } = await collect(bus, 1);
      await subscription.commit(consumer.deliveries);
      expect(await bus.received(minute, minute)).toEqual([{ ...origin, minute, events: 1 }]);
      expect(await bus.pending()).toEqual([]);
    },
  },
  {
    promise: 'counts',
    name: 'the backlog is what was published and not committed, after a death too',
    distributed: 'log end offset minus committed offset; bytes and events from the headers of open records',
    async run(harness) {
      expect(harness.bus.backlog()).toEqual({ blocks: 0, bytes: 0, events: 0, ageMs: 0 });
      const [big, small] = [makeBlock(['a', 'b', 'c']), makeBlock('d')];
      await harness.bus.publish([{ blocks: [big, small] }]);
      const { consumer, subscription } = await collect(harness.bus, 2);
      const full = harness.bus.backlog();
      expect(full).toMatchObject({ blocks: 2, events: 4 });
      expect(full.bytes).toBeGreaterThanOrEqual(big.body.byteLength + small.body.byteLength);
      await subscription.commit([consumer.of('d')]);
      const bus = await harness.crash();
      expect(bus.backlog()).toMatchObject({ blocks: 1, events: 3 });
      expect(bus.backlog().bytes).toBeLessThan(full.bytes);
      expect(bus.pendingEvents([big.header.id, small.header.id])).toBe(3);
      expect(await bus.pending()).toEqual([{ ...origin, minute, events: 3 }]);
    },
  },
  {
    promise: 'counts',
    name: 'who waits for blocks hears when the last of them is committed, or that the time is over',
    distributed: 'every api process follows the committed offsets of the worker group',
    async run({ bus }) {
      const [one, two] = [makeBlock('1'), makeBlock('2')];
      const ids = [one.header.id, two.header.id];
      await bus.publish([{ blocks: [one, two] }]);
      const { consumer, subscription } = await collect(bus, 2);
      const waiting = bus.whenCommitted(ids, 60_000);
      await subscription.commit([consumer.of('2')]);
      expect(await bus.whenCommitted(ids, 1)).toBe(false);
      expect(bus.pendingEvents(ids)).toBe(1);
      await subscription.commit([consumer.of('1')]);
      expect(await waiting).toBe(true);
      expect(await bus.whenCommitted(ids, 60_000)).toBe(true);
      expect(bus.pendingEvents(ids)).toBe(0);
    },
  },
  {
    promise: 'expiry',
    name: 'counts before a minute are forgotten, the blocks are not',
    distributed: 'a TTL on the count records',
    async run(harness) {
      const old = makeBlock('old', { receivedAt: at(minute - MINUTE_MS) });
      await harness.bus.publish([{ blocks: [old, makeBlock('new')] }]);
      expect(await harness.bus.expire(0, minute)).toEqual({ idempotencyKeys: 0, receivedCounts: 1 });
      const bus = await harness.crash();
      expect(await bus.received(0, minute)).toEqual([{ ...origin, minute, events: 1 }]);
      expect(await waitingTexts(bus)).toEqual(['old', 'new']);
    },
  },
];
