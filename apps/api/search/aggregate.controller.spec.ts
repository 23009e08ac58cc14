import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TierError, TooManyGroupsError } from '#plugin-kit';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('analyst');
  const headers = { authorization: key };
  for (const name of ['web', 'db'])
    await api.inject({ method: 'POST', url: '/api/v1/streams', payload: { name }, headers });
});
afterEach(() => api.stop());

const aggregate = (payload: object) =>
  api.inject({ method: 'POST', url: '/api/v1/logs/aggregate', payload, headers: { authorization: key } });

describe('an aggregation', () => {
  it('asks the tier for exactly what the request says', async () => {
    const answer = await aggregate({
      start_time: '2026-01-01T00:00:00Z',
      end_time: '2026-01-02T00:00:00Z',
      stream: ['web', 'db'],
      level: 'error',
      metrics: [
        { function: 'count' },
        { function: 'count', field: 'user_id' },
        { function: 'avg', field: 'latency_ms' },
        { function: 'unique', field: 'user_id', exact: true, name: 'users' },
        { function: 'percentile', field: 'latency_ms', percentile: 99.9 },
      ],
      group_by: ['service', 'a.b'],
      interval: '5m',
      fill: true,
      limit: 3,
      order_by: 'users',
      order: 'asc',
    });
    expect(answer.statusCode).toBe(200);
    const [query] = api.tier.aggregateQueries;
    expect({ ...query, streams: query?.streams.map(({ name }) => name) }).toEqual({
      tenant: 'default',
      streams: ['web', 'db'],
      from: 1_767_225_600_000_000_000n,
      to: 1_767_312_000_000_000_000n,
      filter: expect.objectContaining({ kind: 'all', of: [{ kind: 'level', words: ['error'] }] }),
      timeoutMs: 30_000,
      metrics: [
        { function: 'count', name: 'count' },
        { function: 'count', field: 'user_id', name: 'count_user_id' },
        { function: 'avg', field: 'latency_ms', name: 'avg_latency_ms' },
        { function: 'unique', field: 'user_id', exact: true, name: 'users' },
        { function: 'percentile', field: 'latency_ms', percentile: 99.9, name: 'p99.9_latency_ms' },
      ],
      groupBy: ['service', 'a.b'],
      intervalSeconds: 300,
      fill: true,
      limit: 3,
      orderBy: 'users',
      order: 'asc',
    });
  });

  it('without anything counts the events of the last 24 hours', async () => {
    await aggregate({});
    expect(api.tier.aggregateQueries[0]).toMatchObject({
      metrics: [{ function: 'count', name: 'count' }],
      groupBy: [],
      limit: 10,
      orderBy: 'count',
      order: 'desc',
      fill: false,
    });
    expect(api.tier.aggregateQueries[0]).not.toHaveProperty('intervalSeconds');
  });

  it('answers in the words of the API', async () => {
    const group = ['checkout', null];
    api.tier.aggregated = {
      buckets: [
        { time: 0n, group, values: [3, null] },
        { time: 60_000_000_000n, group, values: [4, '18446744073709551615'] },
      ],
      approximations: ['u'],
      source: 'roll_up',
      stats: { rowsRead: 1, bytesRead: 2, elapsedMs: 3 },
    };
    const metrics = [{ function: 'count' }, { function: 'unique', field: 'x', name: 'u' }];
    const answer = await aggregate({ metrics, group_by: ['service', '__proto__'], interval: '1m' });
    const shown = '{"service":"checkout","__proto__":null}';
    expect(answer.body).toContain(`"group":${shown}`);
    expect(answer.json()).toMatchObject({
      buckets: [
        { time: '1970-01-01T00:00:00.000000000Z', metrics: { count: 3, u: null } },
        { time: '1970-01-01T00:01:00.000000000Z', metrics: { count: 4, u: '18446744073709551615' } },
      ],
      is_exact: false,
      approximations: ['u'],
      source: 'roll_up',
      stats: { rows_read: 1, bytes_read: 2, elapsed_ms: 3 },
    });
  });

  it('stays within the streams of its key and ends with its client', async () => {
    key = api.access.add('held', ['logs:read'], { streams: new Set(['web']) });
    await aggregate({});
    expect(api.tier.aggregateQueries[0]?.streams.map(({ name }) => name)).toEqual(['web']);
    expect(api.tier.signal).toBeInstanceOf(AbortSignal);
    expect((await aggregate({ stream: 'db' })).json().code).toBe('forbidden');
  });
});

describe('an aggregation that can not be answered', () => {
  it.each<[name: string, request: object, path: string]>([
    ['no metric', { metrics: [] }, 'metrics'],
    ['an unknown function', { metrics: [{ function: 'median', field: 'a' }] }, 'metrics.0.function'],
    ['a sum of nothing', { metrics: [{ function: 'sum' }] }, 'metrics.0.field'],
    ['an empty field', { metrics: [{ function: 'sum', field: '' }] }, 'metrics.0.field'],
    [
      'a percentile of 100',
      { metrics: [{ function: 'percentile', field: 'a', percentile: 100 }] },
      'metrics.0.percentile',
    ],
    ['no percentile', { metrics: [{ function: 'percentile', field: 'a' }] }, 'metrics.0.percentile'],
    ['an unknown option', { metrics: [{ function: 'count', exact: true }] }, 'metrics.0'],
    ['a name twice', { metrics: [{ function: 'count' }, { function: 'count' }] }, 'metrics'],
    ['a field twice', { group_by: ['a', 'a'] }, 'group_by'],
    ['too many fields', { group_by: [...'abcdefghi'] }, 'group_by'],
    ['an interval without a unit', { interval: '5' }, 'interval'],
    ['an interval of nothing', { interval: '0m' }, 'interval'],
    ['an interval of months', { interval: '1M' }, 'interval'],
    ['no group', { limit: 0 }, 'limit'],
    ['too many groups', { limit: 10_001 }, 'limit'],
    ['an order by what is not there', { order_by: 'p99' }, 'order_by'],
    ['an order that is none', { order: 'up' }, 'order'],
  ])('for %s says where and how to mend it', async (_name, request, path) => {
    const answer = await aggregate(request);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_request']);
    const [mistake] = answer.json().errors as { path: string; mend: string }[];
    expect(mistake?.path).toBe(path);
    expect(mistake?.mend).toMatch(/^[A-Z].*\.$/);
    expect(api.tier.aggregateQueries).toEqual([]);
  });

  it('because it is too large says what to change', async () => {
    api.tier.failure = new TooManyGroupsError('Choose a longer interval.');
    expect((await aggregate({})).json()).toMatchObject({
      status: 400,
      code: 'too_many_groups',
      detail: 'Choose a longer interval.',
    });
  });

  it('because of the field says which', async () => {
    api.tier.failure = new TierError('query', 'The field "service" is no number.');
    expect((await aggregate({})).json()).toMatchObject({
      status: 400,
      code: 'search_invalid',
      detail: expect.stringContaining('service'),
    });
  });
});
