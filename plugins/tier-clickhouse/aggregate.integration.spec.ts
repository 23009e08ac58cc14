import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateQuery, AggregateResult, Filter, Metric } from '#plugin-kit';
import { at, COUNT, DAY, makeQuestion, showBuckets } from './testing/aggregate-question.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

let open: TierUnderTest;

beforeAll(async () => {
  open = await openTier();
  const lines = [
    '{"timestamp":"2026-11-20T10:00:10Z","level":"ERROR","service":"a","latency_ms":1.5,"status":500,"free":5,"deep":{"x":"one"},"bytes":18446744073709551615}',
    '{"timestamp":"2026-11-20T10:00:50Z","level":"err","service":"a","latency_ms":2.5,"status":500,"free":"5","bytes":18446744073709551615}',
    '{"timestamp":"2026-11-20T10:01:10Z","level":"info","service":"b","latency_ms":4,"ok":true,"free":5.0,"deep":{"x":"one"},"delta":-9007199254740993}',
    '{"timestamp":"2026-11-20T10:07:00Z","level":"INFO","service":"b","user_id":"u1","free":null,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}',
    '{"timestamp":"2026-11-20T11:00:00Z","service":"c","user_id":"u1","free":[1],"ok":false,"trace_id":"odd"}',
  ];
  await open.tier.insert(batchOf(open.stream, lines));
});
afterAll(() => open.close());

function ask(more: Partial<AggregateQuery> = {}): Promise<AggregateResult> {
  return open.tier.aggregate(makeQuestion(open.stream, more));
}

const asked = async (more: Partial<AggregateQuery>): Promise<string[]> => showBuckets(await ask(more));

describe('metrics', () => {
  it('count, add, compare and tell values apart, and leave out what has no value', async () => {
    const field = 'latency_ms';
    const metrics: Metric[] = [
      COUNT,
      { name: 'with', function: 'count', field },
      { name: 'sum', function: 'sum', field },
      { name: 'avg', function: 'avg', field },
      { name: 'min', function: 'min', field },
      { name: 'max', function: 'max', field },
      { name: 'half', function: 'percentile', field, percentile: 50 },
      { name: 'services', function: 'unique', field: 'service', exact: false },
      { name: 'users', function: 'unique', field: 'user_id', exact: false },
      { name: 'users_exactly', function: 'unique', field: 'user_id', exact: true },
      { name: 'first', function: 'min', field: 'timestamp' },
    ];
    const result = await ask({ metrics });
    expect(result.buckets).toEqual([
      { group: [], values: [5, 3, 8, 8 / 3, 1.5, 4, 2.5, 3, 1, 1, '2026-11-20T10:00:10.000000000Z'] },
    ]);
    expect(result.approximations).toEqual(['half', 'users']);
    expect(result.source).toBe('events');
    expect(result.stats.rowsRead).toBeGreaterThan(0);
  });

  it('are of integers without a limit, and of numbers among free fields', async () => {
    const metrics: Metric[] = [
      { name: 'sum', function: 'sum', field: 'bytes' },
      { name: 'min', function: 'min', field: 'delta' },
      { name: 'avg', function: 'avg', field: 'bytes' },
      { name: 'status', function: 'sum', field: 'status' },
      { name: 'free', function: 'sum', field: 'free' },
      { name: 'none', function: 'sum', field: 'nowhere' },
      { name: 'there', function: 'count', field: 'free' },
      { name: 'distinct', function: 'unique', field: 'free', exact: true },
      { name: 'inside', function: 'count', field: 'deep.x' },
      { name: 'traces', function: 'unique', field: 'trace_id', exact: true },
    ];
    const [bucket] = (await ask({ metrics })).buckets;
    expect(bucket?.values).toEqual([
      '36893488147419103230',
      '-9007199254740993',
      18446744073709552000,
      1000,
      10,
      null,
      4,
      3,
      2,
      2,
    ]);
  });

  it('of no event are zero or null', async () => {
    const metrics: Metric[] = [
      COUNT,
      { name: 'm', function: 'max', field: 'timestamp' },
      { name: 'a', function: 'avg', field: 'latency_ms' },
    ];
    const filter: Filter = { kind: 'equals', field: 'service', values: ['nobody'] };
    expect(await asked({ metrics, filter })).toEqual(['= 0  ']);
    expect(await asked({ metrics, streams: [] })).toEqual(['= 0  ']);
    expect(await asked({ metrics, filter, groupBy: ['level'] })).toEqual([]);
  });

  it('of a text have no sum', async () => {
    const metrics: Metric[] = [{ name: 's', function: 'sum', field: 'service' }];
    await expect(ask({ metrics })).rejects.toMatchObject({
      failure: 'query',
      message: expect.stringContaining(`"service" is no number`),
    });
  });
});

describe('groups', () => {
  it('are ranked by a metric, equal ones by their values, and cut at the limit', async () => {
    expect(await asked({ groupBy: ['service'] })).toEqual(['"a" = 2', '"b" = 2', '"c" = 1']);
    expect(await asked({ groupBy: ['service'], order: 'asc', limit: 2 })).toEqual(['"c" = 1', '"a" = 2']);
    expect(await asked({ groupBy: ['service', 'level'], limit: 2 })).toEqual([
      '"a" "ERROR" = 1',
      '"a" "err" = 1',
    ]);
  });

  it("have values of the field's own type; an absent one is null", async () => {
    expect(await asked({ groupBy: ['status'] })).toEqual(['null = 3', '500 = 2']);
    expect((await asked({ groupBy: ['ok'] })).sort()).toEqual(['false = 1', 'null = 3', 'true = 1']);
    expect((await asked({ groupBy: ['level'] })).sort()).toEqual([
      '"ERROR" = 1',
      '"INFO" = 1',
      '"err" = 1',
      '"info" = 1',
      'null = 1',
    ]);
    expect((await asked({ groupBy: ['bytes'] })).sort()).toEqual(['"18446744073709551615" = 2', 'null = 3']);
    expect((await asked({ groupBy: ['trace_id'] })).sort()).toEqual([
      '"4bf92f3577b34da6a3ce929d0e0e4736" = 1',
      '"odd" = 1',
      'null = 3',
    ]);
  });

  it('of a free field are its JSON values: equal numbers meet, a text is no number, null is absent', async () => {
    expect((await asked({ groupBy: ['free'] })).sort()).toEqual(['"5" = 1', '5 = 2', '[1] = 1', 'null = 1']);
    expect((await asked({ groupBy: ['deep.x'] })).sort()).toEqual(['"one" = 2', 'null = 3']);
  });

  it('take any text as a name of a field', async () => {
    for (const name of ["'", '`', '\\', '{p0:String}', ') --', '__proto__', 'a.b.c', '.', 'attributes.free'])
      expect(
        (
          await asked({
            groupBy: [name],
            metrics: [COUNT, { name: 'u', function: 'unique', field: name, exact: true }],
          })
        ).length,
      ).toBeGreaterThan(0);
  });
});

describe('streams', () => {
  it('that nothing was written to add nothing, whatever their types declare', async () => {
    const eventType = { ...open.stream.eventType, fields: [], rollUps: [] };
    const streams = [open.stream, { ...open.stream, name: 'unwritten', eventType }];
    expect((await asked({ streams, groupBy: ['status'] })).sort()).toEqual(['500 = 2', 'null = 3']);
    expect(await asked({ streams, groupBy: ['service'], limit: 1 })).toEqual(['"a" = 2']);
    const metrics: Metric[] = [{ name: 's', function: 'sum', field: 'latency_ms' }];
    expect(await asked({ streams, metrics })).toEqual(['= 8']);
    expect(await asked({ streams: streams.slice(1), groupBy: ['free'] })).toEqual([]);
  });

  it('may declare fields of any name, and ranges may be of any time', async () => {
    const fields = ['t', 'n', 'g0', 'v0', 'm0', 'total', 'place'].map((name) => ({
      name,
      type: 'keyword' as const,
      description: 'Any.',
    }));
    const eventType = { ...open.stream.eventType, fields, rollUps: [{ name: 'by_t', by: ['t'] }] };
    const stream = { ...open.stream, name: 'odd', eventType };
    await open.tier.prepare(stream);
    const event = { timestamp: '2026-11-20T10:00:10Z', t: 'x', n: 'y', g0: 'z', v0: 'v' };
    await open.tier.insert(batchOf(stream, [JSON.stringify(event)]));
    const more = { streams: [stream], intervalSeconds: 60 };
    const all = { from: at('1960-01-01T00:00:00Z'), to: at('2200-01-01T00:00:00Z') };
    for (const range of [DAY, all])
      expect(await asked({ ...more, ...range, groupBy: ['t'] })).toEqual(['10:00:00 "x" = 1']);
    const metrics: Metric[] = [COUNT, { name: 'v', function: 'unique', field: 'v0', exact: true }];
    expect(await asked({ ...more, groupBy: ['t', 'n', 'g0'], metrics })).toEqual([
      '10:00:00 "x" "y" "z" = 1 1',
    ]);
  });
});

describe('series', () => {
  it('have a bucket for each interval with events, and for all where asked', async () => {
    const more = { intervalSeconds: 300, filter: { kind: 'exists', field: 'latency_ms' } } as const;
    expect(await asked({ intervalSeconds: 300 })).toEqual(['10:00:00 = 3', '10:05:00 = 1', '11:00:00 = 1']);
    const range = { from: at('2026-11-20T10:00:30Z'), to: at('2026-11-20T10:15:00.000000001Z') };
    expect(await asked({ ...more, ...range, fill: true })).toEqual([
      '10:00:00 = 2',
      '10:05:00 = 0',
      '10:10:00 = 0',
      '10:15:00 = 0',
    ]);
  });

  it('are of the top groups of the whole range, in the order of their rank', async () => {
    const metrics: Metric[] = [{ name: 'm', function: 'avg', field: 'latency_ms' }, COUNT];
    const more = { metrics, groupBy: ['service'], intervalSeconds: 60, limit: 2 };
    expect(await asked(more)).toEqual(['10:00:00 "a" = 2 2', '10:01:00 "b" = 4 1', '10:07:00 "b" =  1']);
    expect(
      await asked({
        ...more,
        orderBy: 'n',
        fill: true,
        from: at('2026-11-20T10:00:00Z'),
        to: at('2026-11-20T10:02:00Z'),
        groupBy: ['service'],
      }),
    ).toEqual(['10:00:00 "a" = 2 2', '10:00:00 "b" =  0', '10:01:00 "a" =  0', '10:01:00 "b" = 4 1']);
    for (const metric of ['unique', 'percentile'] as const)
      expect(
        (
          await asked({
            ...more,
            metrics: [
              { name: 'm', function: metric, field: 'latency_ms', percentile: 99, exact: false } as Metric,
            ],
          })
        ).length,
      ).toBe(3);
  });

  it('of too many intervals are refused with how to mend it', async () => {
    await expect(ask({ intervalSeconds: 1, fill: true, from: at('2026-11-01T00:00:00Z') })).rejects.toThrow(
      /longer interval/,
    );
  });
});
