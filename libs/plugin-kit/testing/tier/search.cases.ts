import assert from 'node:assert/strict';
import { formatEventId, type EventPlace } from '#event-model';
import type { TierCase } from './contract-case.js';
import { FILTERS } from './filter-table.js';
import { contains, equals, exists, levels, phrase, range, wildcard } from './filters.js';
import { found, stored } from './four-events.js';
import { pageCases } from './page.cases.js';
import { at, makeQuery, makeStream, rowsIn, storeLines } from './scene.js';

/** How events are found again. */
export const searchCases: readonly TierCase[] = [
  {
    promise: 'filter',
    name: 'each kind finds its events and no other',
    distributed:
      'the same conditions; a documents tier answers what its indexes can and refuses the rest as `query`',
    async run({ tier, tenant }) {
      const stream = await stored(tier, tenant);
      for (const [filter, expected] of FILTERS)
        assert.deepEqual([filter, await found(tier, [stream], { filter })], [filter, expected]);
    },
  },
  {
    promise: 'filter',
    name: 'values and names are data, whatever is in them',
    distributed: 'query parameters; values, never operators, in a document query',
    async run({ tier, tenant }) {
      const stream = await stored(tier, tenant);
      for (const payload of [
        "'",
        '\\',
        '{p0:String}',
        '\0',
        '` OR 1',
        "') OR 1=1 --",
        '$where',
        'a.$gt',
        '🙂',
      ]) {
        const filters = [
          equals('user', payload),
          equals(payload, 'x'),
          levels(payload),
          phrase('user', payload),
          contains('user', `${payload}x`),
          wildcard(payload, payload),
          range(payload, { from: payload }),
          exists(payload),
        ];
        for (const filter of filters) assert.equal(await found(tier, [stream], { filter }), '', payload);
      }
    },
  },
  {
    promise: 'bounds',
    name: 'the start is part of the time searched, the end is not, to the nanosecond',
    distributed: 'DateTime64(9); a documents tier keeps nanoseconds beside its millisecond dates',
    async run({ tier, tenant }) {
      const stream = await stored(tier, tenant);
      const bound = (digit: number): bigint => at(`2026-11-20T00:00:00.00000000${digit}Z`);
      const bounded = (from: number, to: number) =>
        found(tier, [stream], { from: bound(from), to: bound(to) });
      assert.equal(await bounded(2, 4), '23');
      assert.equal(await bounded(4, 5), '4');
      assert.equal(await bounded(3, 3), '');
      const page = await tier.search(makeQuery([stream], { from: bound(2), to: bound(4) }));
      assert.equal(page.total, 2);
    },
  },
  ...pageCases,
  {
    promise: 'find',
    name: 'gives the event at a place as it was sent, and nothing for any other place',
    distributed: 'a bloom filter on block; by _id',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const sent = {
        uid: 'u',
        status: 200,
        timestamp: '2026-11-20T00:00:00.000000000Z',
        free: { a: [1, null] },
      };
      const block = await storeLines(tier, stream, ['{"status":1}', JSON.stringify(sent), 'refused']);
      const [there, refused, beyond] = rowsIn(block, [1, 2, 3]) as [EventPlace, EventPlace, EventPlace];
      const event = await tier.find(tenant, [makeStream(tenant, 'unwritten'), stream], there);
      assert.equal(event?.event_id, formatEventId(block.header.id, 1));
      assert.deepEqual(JSON.parse(JSON.stringify(event?.['original'])), sent);
      assert.deepEqual(
        [event?.stream, event?.tenant, event?.source, event?.['status']],
        ['orders', tenant, 'agent-1', 200],
      );
      for (const place of [refused, beyond])
        assert.equal(await tier.find(tenant, [stream], place), undefined);
      assert.equal(await tier.find(tenant, [], there), undefined);
    },
  },
];
