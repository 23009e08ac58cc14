import assert from 'node:assert/strict';
import { formatEventId, parseEventId, type EventPlace } from '#event-model';
import type {
  EventPosition,
  EventQuery,
  Filter,
  FilterRange,
  FilterValue,
  StoredEvent,
  StreamSpec,
} from '#plugin-kit';
import type { ContractTier, TierCase } from './contract-case.js';
import { at, makeQuery, makeStream, rowsIn, storeLines } from './scene.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
/** Four events, a nanosecond apart; the last digit of their time is their number. */
const LINES = [
  `{"timestamp":"2026-11-20T00:00:00.000000001Z","level":"ERROR","service":"a","message":"Connection reset by peer","status":500,"delta":-5}`,
  `{"timestamp":"2026-11-20T00:00:00.000000002Z","level":"err","service":"b","message":"connection closed","trace_id":"${TRACE}","bytes":18446744073709551615,"id":"c-1"}`,
  `{"timestamp":"2026-11-20T00:00:00.000000003Z","level":"info","service":"a","message":"all well","user":"o'neil","n":5,"nested":{"deep":"x/y"},"ok":true}`,
  `{"timestamp":"2026-11-20T00:00:00.000000004Z","level":"Weird","service":"a","message":"grüße","user":"5","latency_ms":1.5,"uid":"%","event_type":"special"}`,
];

const equals = (field: string, ...values: FilterValue[]): Filter => ({ kind: 'equals', field, values });
const match = (field: string, text: string): Filter => ({ kind: 'match', field, text });
const phrase = (field: string, text: string): Filter => ({ kind: 'phrase', field, text });
const contains = (field: string, text: string): Filter => ({ kind: 'contains', field, text });
const wildcard = (field: string, pattern: string): Filter => ({ kind: 'wildcard', field, pattern });
const range = (field: string, bounds: FilterRange): Filter => ({ kind: 'range', field, ...bounds });
const exists = (field: string): Filter => ({ kind: 'exists', field });
const nanosecond = (digit: number): string => `2026-11-20T00:00:00.00000000${digit}Z`;
const words = (...list: string[]): Filter => ({ kind: 'words', words: list });
const levels = (...list: string[]): Filter => ({ kind: 'level', words: list });

/** Each kind of filter with the numbers of the events that it finds. */
const FILTERS: readonly (readonly [filter: Filter, expected: string])[] = [
  [{ kind: 'all', of: [] }, '1234'],
  [{ kind: 'any', of: [] }, ''],
  [{ kind: 'all', of: [equals('service', 'a'), levels('ERROR')] }, '1'],
  [{ kind: 'any', of: [equals('service', 'b'), equals('status', 500)] }, '12'],
  [{ kind: 'not', of: equals('service', 'a') }, '2'],
  [{ kind: 'not', of: equals('status', 500) }, '234'],
  [{ kind: 'not', of: equals('ok', true) }, '124'],
  [{ kind: 'not', of: equals('n', 5) }, '124'],
  [levels('error'), '12'],
  [levels('info', 'weird'), '34'],
  [words('connection', 'closed'), '2'],
  [words('reset', 'peer'), '1'],
  [words('reset-by'), '1'],
  [words('conn'), ''],
  [words('grüße'), '4'],
  [equals('service', 'b'), '2'],
  [equals('service', 'a', 'b'), '1234'],
  [equals('service'), ''],
  [equals('status', 500), '1'],
  [equals('status', '500'), '1'],
  [equals('status', 'x', 70_000), ''],
  [equals('delta', -5), '1'],
  [equals('bytes', '18446744073709551615'), '2'],
  [equals('latency_ms', 1.5), '4'],
  [equals('ok', true), '3'],
  [equals('trace_id', TRACE), '2'],
  [equals('trace_id', '0'.repeat(32)), ''],
  [equals('user_id', '%'), '4'],
  [equals('user', "o'neil"), '3'],
  [equals('user', 5), '4'],
  [equals('n', 5), '3'],
  [equals('nested.deep', 'x/y'), '3'],
  [equals('nothing', ''), ''],
  [equals('id', 'c-1'), '2'],
  [equals('event_type', 'special'), '4'],
  [equals('source', 'agent-1'), '1234'],
  [equals('timestamp', nanosecond(3)), '3'],
  [equals('attributes.user', "o'neil"), '3'],
  [equals('stream', 'orders'), '1234'],
  [equals('stream', 'others'), ''],
  [equals('severity_number', 17), '12'],
  [equals('event_id', 'x'), ''],
  [match('message', 'CLOSED connection'), '2'],
  [match('message', 'by-peer'), ''],
  [match('level', 'err'), '12'],
  [match('level', 'weird'), '4'],
  [match('service', 'a'), '134'],
  [match('service', 'A'), ''],
  [match('user', "o'neil"), '3'],
  [match('status', '500'), '1'],
  [phrase('message', 'reset by PEER'), '1'],
  [phrase('message', 'peer by'), ''],
  [phrase('message', 'set by'), ''],
  [phrase('message', 'GRÜSSE'), ''],
  [phrase('service', 'a'), '134'],
  [phrase('nested.deep', 'x/y'), '3'],
  [contains('message', 'SET by p'), '1'],
  [contains('message', 'üß'), '4'],
  [contains('message', '%'), ''],
  [contains('user_id', '%'), '4'],
  [contains('user', "'NEIL"), '3'],
  [contains('status', '50'), '1'],
  [contains('trace_id', TRACE.slice(3, 9).toUpperCase()), '2'],
  [contains('nothing', ''), ''],
  [wildcard('message', 'conn*'), '12'],
  [wildcard('message', 'onn*'), ''],
  [wildcard('message', 'cl?sed'), '2'],
  [wildcard('message', 'reset*peer'), ''],
  [wildcard('message', 'reset ??*peer'), '1'],
  [wildcard('service', '?'), '1234'],
  [wildcard('service', '*'), '1234'],
  [wildcard('user', 'O?neil'), '3'],
  [wildcard('user', '_*'), ''],
  [wildcard('user_id', '\\%'), '4'],
  [wildcard('user_id', '\\*'), ''],
  [wildcard('status', '5*'), '1'],
  [wildcard('nothing', '*'), ''],
  [words('--'), ''],
  [{ kind: 'words', field: 'nested.deep', words: ['Y', 'x'] }, '3'],
  [{ kind: 'words', field: 'user', words: ['neil'] }, '3'],
  [range('status', { from: 500, to: '500' }), '1'],
  [range('status', { above: 500 }), ''],
  [range('status', { below: 70_000 }), '1'],
  [range('status', { above: 499.5 }), '1'],
  [range('status', { above: 'high' }), ''],
  [range('delta', { below: 0 }), '1'],
  [range('bytes', { above: '18446744073709551614' }), '2'],
  [range('bytes', { above: '18446744073709551615' }), ''],
  [range('latency_ms', { from: 1.5, below: 2 }), '4'],
  [range('n', { above: 4, to: 5 }), '3'],
  [range('user', { from: 5 }), '4'],
  [range('user', { from: 'o', below: 'p' }), '3'],
  [range('service', { above: 'a' }), '2'],
  [range('level', { from: 'warn' }), '12'],
  [range('level', { below: 'error' }), '3'],
  [range('timestamp', { above: nanosecond(1), to: nanosecond(3) }), '23'],
  [range('observed_timestamp', { below: nanosecond(1) }), ''],
  [range('nothing', { below: 9 }), ''],
  [{ kind: 'not', of: range('status', { from: 1 }) }, '234'],
  [exists('status'), '1'],
  [exists('user'), '34'],
  [exists('trace_id'), '2'],
  [exists('nested.deep'), '3'],
  [exists('message'), '1234'],
  [exists('nothing'), ''],
  [{ kind: 'not', of: exists('user') }, '12'],
];

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

async function stored(tier: ContractTier, tenant: string, name?: string): Promise<StreamSpec> {
  const stream = makeStream(tenant, name);
  await tier.prepare(stream);
  await storeLines(tier, stream, [...LINES, 'refused']);
  return stream;
}

/** The numbers of the events found, in their order; the total must be theirs where no limit cuts them. */
async function found(
  tier: ContractTier,
  streams: readonly StreamSpec[],
  more: Partial<EventQuery> = {},
): Promise<string> {
  const { events, total } = await tier.search(makeQuery(streams, more));
  if (more.limit === undefined) assert.equal(total, events.length);
  return events.map(number).join('');
}

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

function number({ timestamp }: { readonly timestamp: string }): string {
  return timestamp.at(-2) ?? '';
}
