import assert from 'node:assert/strict';
import { formatEventId, parseEventId } from '#event-model';
import type { EventPosition, EventQuery, StoredEvent } from '#plugin-kit';
import type { ContractTier, TierCase } from './contract-case.js';
import { exists } from './filters.js';
import { found, LINES, nanosecond, number, stored } from './four-events.js';
import { at, makeQuery, makeStream, storeLines } from './scene.js';

/** How the events that are found are ordered, cut into pages and counted. */
export const pageCases: readonly TierCase[] = [
  {
    promise: 'page',
    name: 'has the newest or oldest first, up to the limit, with the total of all',
    distributed: 'ORDER BY … LIMIT over Distributed; sort and limit, and a count beside',
    async run({ tier, tenant }) {
      const stream = await stored(tier, tenant);
      const newest = await tier.search(makeQuery([stream], { order: 'desc', limit: 3 }));
      assert.equal(newest.events.map(number).join(''), '432');
      assert.equal(newest.total, 4);
      assert.equal(await found(tier, [stream], { order: 'asc', limit: 3 }), '123');
    },
  },
  {
    promise: 'page',
    name: 'unites streams in one order, and events of one moment by their place',
    distributed: 'the same, merged by the tier',
    async run({ tier, tenant }) {
      const first = await stored(tier, tenant);
      const second = await stored(tier, tenant, 'other');
      const streams = [first, second];
      assert.equal(await found(tier, streams), '11223344');
      const page = await tier.search(makeQuery(streams, { limit: 3, order: 'desc' }));
      assert.deepEqual([page.events.map(number).join(''), page.total], ['443', 8]);
      const same = await storeLines(tier, first, ['{"message":"x"}', '{"message":"y"}', '{"message":"z"}']);
      const { events } = await tier.search(makeQuery(streams, { from: same.header.receivedAt }));
      assert.deepEqual(
        events.map(({ event_id }) => event_id),
        [0, 1, 2].map((row) => formatEventId(same.header.id, row)),
      );
    },
  },
  {
    promise: 'page',
    name: 'follows a position without repeating or leaving out an event, also of one moment, while others arrive',
    distributed: 'the same condition; a documents tier sorts by the same three keys',
    async run({ tier, tenant }) {
      const streams = [makeStream(tenant), makeStream(tenant, 'other')] as const;
      const line = `{"timestamp":"${nanosecond(5)}","message":"same"}`;
      for (const stream of streams) {
        await tier.prepare(stream);
        await storeLines(tier, stream, [...LINES, ...Array.from({ length: 12 }, () => line)]);
      }
      for (const order of ['desc', 'asc'] as const) {
        const whole = await idsOf(tier, { streams, order, limit: 100 });
        const paged: string[] = [];
        for (let after: EventPosition | undefined, more = true; more;) {
          const page = await tier.search(makeQuery(streams, { order, limit: 3, ...(after && { after }) }));
          paged.push(...page.events.map(({ event_id }) => event_id));
          ({ more } = page);
          after = positionOf(page.events.at(-1));
          await storeLines(tier, streams[0], [
            `{"timestamp":"2026-11-${order === 'desc' ? '21' : '19'}T00:00:00Z"}`,
          ]);
        }
        assert.deepEqual(paged, whole);
      }
    },
  },
  {
    promise: 'page',
    name: 'says whether its total is exact, whether more follows, and counts all at any position',
    distributed: 'the same',
    async run({ tier, tenant }) {
      const stream = await stored(tier, tenant);
      const filter = exists('message');
      for (const total of ['bounded', 'exact'] as const) {
        const page = await tier.search(makeQuery([stream], { filter, limit: 2, total }));
        assert.deepEqual([page.total, page.totalIsExact, page.more], [4, true, true]);
        const after = positionOf(page.events.at(-1));
        const rest = await tier.search(
          makeQuery([stream], { filter, limit: 2, total, ...(after && { after }) }),
        );
        assert.deepEqual([rest.total, rest.totalIsExact, rest.more], [4, true, false]);
      }
      const uncounted = await tier.search(makeQuery([stream], { limit: 2, total: 'none' }));
      assert.deepEqual([uncounted.totalIsExact, uncounted.total >= 2], [false, true]);
    },
  },
  {
    promise: 'page',
    name: 'that would be larger than it may is refused as a query',
    distributed: 'the same; a documents tier adds up while it reads',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      await storeLines(
        tier,
        stream,
        Array.from({ length: 20 }, () => `{"message":"${'x'.repeat(10_000)}"}`),
      );
      await assert.rejects(tier.search(makeQuery([stream], { maxBytes: 50_000 })), { failure: 'query' });
      const page = await tier.search(makeQuery([stream], { maxBytes: 50_000, limit: 2 }));
      assert.equal(page.events.length, 2);
    },
  },
];

async function idsOf(
  tier: ContractTier,
  { streams, ...more }: Pick<EventQuery, 'streams' | 'order' | 'limit'>,
): Promise<string[]> {
  return (await tier.search(makeQuery(streams, more))).events.map(({ event_id }) => event_id);
}

function positionOf(event: StoredEvent | undefined): EventPosition | undefined {
  const place = event && parseEventId(event.event_id);
  return event && place && { ...place, timestamp: at(event.timestamp) };
}
