import assert from 'node:assert/strict';
import { formatTimestamp } from '#event-model';
import type { AggregateQuery, AggregateResult, Metric, StreamSpec } from '#plugin-kit';
import type { TierCase } from './contract-case.js';
import { at, makeQuery, makeStream, storeLines } from './scene.js';

const LINES = [
  '{"timestamp":"2026-11-20T10:00:10Z","level":"ERROR","service":"a","latency_ms":1,"status":500,"user_id":"u1","n":1}',
  '{"timestamp":"2026-11-20T10:00:59.999999999Z","level":"err","service":"a","latency_ms":3,"user_id":"u2","n":"1"}',
  '{"timestamp":"2026-11-20T10:01:00Z","level":"INFO","service":"b","latency_ms":8,"user_id":"u1","n":1.0}',
  '{"timestamp":"2026-11-20T10:04:30Z","level":"INFO","user_id":"u3"}',
];
const COUNT: Metric = { name: 'events', function: 'count' };

/** What is computed over events. */
export const aggregateCases: readonly TierCase[] = [
  {
    promise: 'groups',
    name: 'have exact figures of all streams together, and one of the events without the field',
    distributed: 'GROUP BY over Distributed; $group',
    async run({ tier, tenant }) {
      const streams = [makeStream(tenant), makeStream(tenant, 'more')];
      for (const stream of streams) await store(tier, stream);
      const metrics: Metric[] = [
        COUNT,
        { name: 'sum', function: 'sum', field: 'latency_ms' },
        { name: 'avg', function: 'avg', field: 'latency_ms' },
        { name: 'max', function: 'max', field: 'status' },
        { name: 'users', function: 'unique', field: 'user_id', exact: true },
      ];
      const ask = (more: Partial<AggregateQuery>) =>
        tier.aggregate(makeQuestion(streams, { metrics, ...more }));
      assert.deepEqual(show(await ask({})), ['= 8 24 4 500 3']);
      const byService = ['"a" = 4 8 2 500 2', '"b" = 2 16 8 null 1', 'null = 2 null null null 1'];
      assert.deepEqual(show(await ask({ groupBy: ['service'] })).sort(), byService);
      assert.deepEqual(show(await ask({ groupBy: ['service'], limit: 1 })), byService.slice(0, 1));
      const least = { groupBy: ['service'], limit: 1, orderBy: 'avg', order: 'asc' } as const;
      assert.deepEqual(show(await ask(least)), byService.slice(0, 1));
      assert.deepEqual(show(await ask({ groupBy: ['n'], metrics: [COUNT] })).sort(), [
        '"1" = 2',
        '1 = 4',
        'null = 2',
      ]);
    },
  },
  {
    promise: 'series',
    name: 'have intervals aligned to the epoch, of the top groups of the whole range, filled where asked',
    distributed: 'the same statement; $setWindowFields',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await store(tier, stream);
      const range = { from: at('2026-11-20T10:00:30Z'), to: at('2026-11-20T10:04:30.000000001Z') };
      const ask = (more: Partial<AggregateQuery>) =>
        tier.aggregate(makeQuestion([stream], { ...range, intervalSeconds: 120, ...more }));
      assert.deepEqual(show(await ask({})), ['10:00:00 = 2', '10:04:00 = 1']);
      assert.deepEqual(show(await ask({ fill: true })), ['10:00:00 = 2', '10:02:00 = 0', '10:04:00 = 1']);
      const top = {
        ...range,
        from: at('2026-11-20T10:00:00Z'),
        groupBy: ['service'],
        limit: 1,
        intervalSeconds: 60,
      };
      assert.deepEqual(show(await ask(top)), ['10:00:00 "a" = 2']);
      assert.deepEqual(show(await ask({ ...top, to: at('2026-11-20T10:02:00Z'), fill: true })), [
        '10:00:00 "a" = 2',
        '10:01:00 "a" = 0',
      ]);
    },
  },
  {
    promise: 'minutes',
    name: 'that begin or end outside the range count in part, also where a roll-up answers',
    distributed: 'the same; tiers without roll-ups answer from events',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      for (let i = 0; i < 3; i += 1) await store(tier, stream);
      const eventType = { ...stream.eventType, rollUps: [] };
      for (const [from, to, expected] of [
        ['10:00:00', '10:05:00', 12],
        ['10:00:10.000000001', '10:04:30', 6],
        ['10:00:59.999999999', '10:01:00', 3],
        ['09:59:30', '10:00:59.999999999', 3],
      ] as const) {
        const range = { from: at(`2026-11-20T${from}Z`), to: at(`2026-11-20T${to}Z`) };
        const rolled = await tier.aggregate(makeQuestion([stream], range));
        const fromEvents = await tier.aggregate(makeQuestion([{ ...stream, eventType }], range));
        assert.deepEqual([show(rolled), fromEvents.source], [[`= ${expected}`], 'events']);
        assert.deepEqual(show(fromEvents), show(rolled));
      }
      const errors = { filter: { kind: 'level', words: ['error'] }, groupBy: ['level'] } as const;
      assert.deepEqual(show(await tier.aggregate(makeQuestion([stream], errors))), [
        '"ERROR" = 3',
        '"err" = 3',
      ]);
    },
  },
  {
    promise: 'groups',
    name: "never count another tenant's events, whoever's stream is asked for",
    distributed: 'the tenant is part of the table, and of each document',
    async run({ tier, tenant }) {
      const [own, foreign] = [makeStream(tenant), makeStream(`${tenant}_other`)];
      for (const stream of [own, foreign]) await store(tier, stream);
      assert.deepEqual(show(await tier.aggregate(makeQuestion([own, foreign], { tenant }))), ['= 4']);
      assert.deepEqual(show(await tier.aggregate(makeQuestion([foreign], { tenant }))), ['= 0']);
      const selection = { ...makeQuestion([foreign]), tenant, topValues: 5, sampleEvents: 100 };
      assert.equal((await tier.fields(selection)).events, 0);
    },
  },
];

async function store(tier: Parameters<typeof storeLines>[0], stream: StreamSpec): Promise<void> {
  await tier.prepare(stream);
  await storeLines(tier, stream, LINES);
}

/** A count of all events of all time. */
function makeQuestion(streams: readonly StreamSpec[], more: Partial<AggregateQuery> = {}): AggregateQuery {
  const { tenant, from, to, filter, timeoutMs } = makeQuery(streams);
  const shape = { metrics: [COUNT], groupBy: [], fill: false, limit: 10, order: 'desc' as const };
  return { tenant, streams, from, to, filter, timeoutMs, ...shape, orderBy: COUNT.name, ...more };
}

/** Buckets as lines of text: `time group = values`. */
function show({ buckets }: AggregateResult): string[] {
  return buckets.map(({ time, group, values }) => {
    const start = time === undefined ? [] : [formatTimestamp(time).slice(11, 19)];
    return [...start, ...group.map((value) => JSON.stringify(value)), '=', ...values.map(String)].join(' ');
  });
}
