import assert from 'node:assert/strict';
import type { SourceMinuteCount } from '#plugin-kit';
import type { TierCase } from './contract-case.js';
import { at, makeStream, makeStreamBlock, makeTierBatch, MIXED_LINES, storeLines } from './scene.js';

/** What is counted, for the ledger and the roll-ups. */
export const countCases: readonly TierCase[] = [
  {
    promise: 'counts',
    name: 'are by source and minute of acceptance, whatever time the events have',
    distributed: 'GROUP BY over Distributed; an aggregation over the collection',
    async run({ tier, tenant }) {
      const [orders, logins] = [makeStream(tenant), makeStream(tenant, 'logins')];
      await Promise.all([tier.prepare(orders), tier.prepare(logins)]);
      const header = (source: string, time: string) => ({ source, receivedAt: at(time) });
      await storeLines(tier, orders, MIXED_LINES, header('a', '2026-11-21T12:00:00Z'));
      await storeLines(tier, orders, MIXED_LINES, header('a', '2026-11-21T12:00:59.999999999Z'));
      await storeLines(tier, orders, MIXED_LINES, header('a', '2026-11-21T12:01:00Z'));
      await storeLines(tier, orders, MIXED_LINES, header('b.c_d-1', '2026-11-21T12:00:30Z'));
      await storeLines(tier, logins, MIXED_LINES, header('a', '2026-11-21T12:00:00Z'));
      const expected = ['12:00 a 6', '12:00 b.c_d-1 3', '12:01 a 3'];
      assert.deepEqual((await tier.countByMinute(orders)).map(show).sort(), expected);
      const refused = await tier.countQuarantine(tenant);
      assert.deepEqual(
        refused
          .filter(({ stream }) => stream === 'orders')
          .map(show)
          .sort(),
        expected,
      );
      assert.deepEqual(refused.filter(({ stream }) => stream === 'logins').map(show), ['12:00 a 3']);
    },
  },
  {
    promise: 'counts',
    name: 'are of what is there: none at first, and after each insert, repeat and reopening the rows of the table',
    distributed:
      'count() of the table; countDocuments, not estimatedDocumentCount, which may be off after a crash',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      assert.deepEqual(
        [await tier.count(stream), await tier.countByMinute(stream), await tier.countQuarantine(tenant)],
        [0, [], []],
      );
      const batch = makeTierBatch(stream, [makeStreamBlock(stream, MIXED_LINES)]);
      await tier.insert(batch);
      await tier.insert(batch);
      assert.equal(await tier.count(stream), 3);
      await storeLines(tier, stream, MIXED_LINES);
      assert.equal(await tier.count(stream), 6);
      assert.equal(await (await reopen()).count(stream), 6);
    },
  },
  {
    promise: 'roll-ups',
    name: 'add up to the events, are found wrong day by day, and are made again from the events',
    distributed:
      'a scratch table and REPLACE PARTITION on the shard that owns the day; tiers without roll-ups leave this out',
    async run({ tier, tenant, spoilRollUps }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      assert.deepEqual(await tier.checkRollUps(stream), []);
      const block = await storeLines(tier, stream, MIXED_LINES);
      assert.deepEqual(await tier.daysOf(stream, [block.header.id]), [20_261_119, 20_261_120]);
      assert.deepEqual(await tier.checkRollUps(stream), []);
      await spoilRollUps(stream, 20_261_120);
      assert.deepEqual(await tier.checkRollUps(stream), [20_261_120]);
      await tier.rebuildRollUps(stream, 20_261_119);
      assert.deepEqual(await tier.checkRollUps(stream), [20_261_120]);
      await tier.rebuildRollUps(stream, 20_261_120);
      assert.deepEqual(await tier.checkRollUps(stream), []);
    },
  },
  {
    promise: 'roll-ups',
    name: 'made again while nothing was wrong are the same, and later inserts still count',
    distributed: 'the same',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      await storeLines(tier, stream, MIXED_LINES);
      for (const day of [20_261_120, 20_261_120, 20_200_101]) await tier.rebuildRollUps(stream, day);
      await storeLines(tier, stream, MIXED_LINES);
      assert.deepEqual(await tier.checkRollUps(stream), []);
    },
  },
];

function show({ source, minute, events }: SourceMinuteCount): string {
  return `${new Date(minute).toISOString().slice(11, 16)} ${source} ${events}`;
}
