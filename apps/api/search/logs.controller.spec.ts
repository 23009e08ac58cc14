import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatTimestamp } from '#event-model';
import { TierError, type TierFailure } from '#plugin-kit';
import { whileClientListens } from '../requests/client-gone.js';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('analyst');
  for (const name of ['web', 'db'])
    await api.inject({
      method: 'POST',
      url: '/api/v1/streams',
      payload: { name },
      headers: { authorization: key },
    });
});
afterEach(() => api.stop());

const search = (payload: object) =>
  api.inject({ method: 'POST', url: '/api/v1/logs', payload, headers: { authorization: key } });

describe('a search', () => {
  it('asks the tier for exactly what the request says', async () => {
    const answer = await search({
      start_time: '2026-01-01T00:00:00Z',
      end_time: 1767312000,
      stream: ['web', 'db', 'web'],
      level: ['error', 'warn'],
      service: 'shop',
      search: ' timed  out ',
      filters: { status: [500, 503], user: "o'brien", ok: false },
      sort: 'asc',
      limit: 7,
    });
    expect(answer.statusCode).toBe(200);
    const [query] = api.tier.queries;
    expect({ ...query, streams: query?.streams.map(({ name }) => name) }).toEqual({
      tenant: 'default',
      streams: ['web', 'db'],
      from: 1_767_225_600_000_000_000n,
      to: 1_767_312_000_000_000_000n,
      order: 'asc',
      limit: 7,
      timeoutMs: 30_000,
      total: 'bounded',
      maxBytes: 67_108_864,
      filter: {
        kind: 'all',
        of: [
          { kind: 'level', words: ['error', 'warn'] },
          { kind: 'equals', field: 'service', values: ['shop'] },
          { kind: 'words', words: ['timed', 'out'] },
          { kind: 'equals', field: 'status', values: [500, 503] },
          { kind: 'equals', field: 'user', values: ["o'brien"] },
          { kind: 'equals', field: 'ok', values: [false] },
        ],
      },
    });
  });

  it('without anything is of the newest 100 events of the last 24 hours in all streams', async () => {
    await search({});
    const [query] = api.tier.queries;
    expect(query).toMatchObject({ order: 'desc', limit: 100, filter: { kind: 'all', of: [] } });
    expect(query?.streams.map(({ name }) => name).sort()).toEqual(['db', 'web']);
    expect((query?.to ?? 0n) - (query?.from ?? 0n)).toBe(86_400_000_000_000n);
    expect(Math.abs(Number((query?.to ?? 0n) / 1_000_000n) - Date.now())).toBeLessThan(60_000);
  });

  it('answers in the words of the API', async () => {
    const event = { event_id: 'x', stream: 'web', timestamp: formatTimestamp(0n) } as never;
    api.tier.page = {
      ...api.tier.page,
      events: [event],
      total: 12,
      totalIsExact: false,
      stats: { rowsRead: 5, bytesRead: 6, elapsedMs: 7 },
    };
    expect((await search({})).json()).toEqual({
      total: 12,
      total_is_exact: false,
      logs: [event],
      next_cursor: null,
      stats: {
        rows_read: 5,
        bytes_read: 6,
        elapsed_ms: 7,
        scanned: {
          streams: ['db', 'web'],
          from: '1970-01-01T00:00:00.000000000Z',
          to: '1970-01-01T00:00:00.000000001Z',
        },
      },
    });
  });

  it('of a key that is held to some streams stays within them', async () => {
    key = api.access.add('held', ['logs:read'], { streams: new Set(['web']) });
    await search({});
    expect(api.tier.queries[0]?.streams.map(({ name }) => name)).toEqual(['web']);
    expect((await search({ stream: 'db' })).json().code).toBe('forbidden');
  });

  it('of a tenant without streams finds nothing', async () => {
    key = api.access.add('fresh', undefined, { tenant: 'fresh' });
    expect((await search({})).json()).toMatchObject({ total: 0, logs: [] });
  });
});

describe('a search by a link', () => {
  const follow = (query: string) =>
    api.inject({ url: `/api/v1/logs?${query}`, headers: { authorization: key } });

  it('asks the same as its twin', async () => {
    await search({
      start_time: '2026-01-01T00:00:00Z',
      end_time: '2026-01-02T00:00:00Z',
      stream: ['web', 'db'],
      level: ['error', 'warn'],
      service: ['shop'],
      search: 'timed out',
      query: 'a:b OR c',
      filters: { status: ['500', '503'], url: ['http://x/?a=b,c'] },
      sort: 'asc',
      limit: 7,
      total: 'exact',
    });
    const range = 'start_time=2026-01-01T00:00:00Z&end_time=1767312000';
    const filters = 'filter=status:500&filter=status:503&filter=url:http%3A%2F%2Fx%2F%3Fa%3Db%2Cc';
    const answer = await follow(
      `${range}&stream=web,db&level=error&level=warn&service=shop&search=timed%20out&query=a:b%20OR%20c&${filters}&sort=asc&limit=7&total=exact`,
    );
    expect(answer.statusCode).toBe(200);
    expect(api.tier.queries[1]).toEqual(api.tier.queries[0]);
  });

  it.each([
    ['filter=status', 'filter.0'],
    ['limit=0', 'limit'],
    ['sort=up', 'sort'],
    ['stream=UP', 'stream.0'],
    ['nope=1', ''],
    ['total=1', 'total'],
  ])('is refused for %s', async (query, path) => {
    expect((await follow(query)).json()).toMatchObject({ code: 'invalid_request', errors: [{ path }] });
  });
});

describe('a page', () => {
  const event = (row: number) =>
    ({
      event_id: `${'a'.repeat(32)}-${row}`,
      stream: 'web',
      timestamp: formatTimestamp(BigInt(row)),
    }) as never;

  it('leads to the next, within the range and with the total of the first', async () => {
    api.tier.page = {
      ...api.tier.page,
      events: [event(9), event(7)],
      more: true,
      total: 50,
      totalIsExact: false,
    };
    const first = (await search({ start_time: 'now-1h', query: 'timestamp:>now-30m' })).json();
    api.tier.page = { ...api.tier.page, events: [event(3)], more: false, total: 1, totalIsExact: true };
    const cursor = first.next_cursor as string;
    const next = (
      await search({ start_time: 'now-1h', query: 'timestamp:>now-30m', cursor, limit: 5, total: 'exact' })
    ).json();
    expect(next).toMatchObject({ total: 50, total_is_exact: false, next_cursor: null });
    const [before, after] = api.tier.queries;
    expect(after).toMatchObject({
      from: before?.from,
      to: before?.to,
      filter: before?.filter,
      total: 'none',
      after: { timestamp: 7n, block: 'a'.repeat(32), row: 7 },
    });
  });

  it.each<[string, object]>([
    ['other words', { search: 'y' }],
    ['another order', { search: 'x', sort: 'asc' }],
    ['other streams', { search: 'x', stream: 'db' }],
    ['other filters', { search: 'x', filters: { a: 1 } }],
    ['another start', { search: 'x', start_time: 'now-2h' }],
  ])('of one search is none of one with %s', async (_name, other) => {
    api.tier.page = { ...api.tier.page, events: [event(9)], more: true };
    const { next_cursor: cursor } = (await search({ search: 'x' })).json();
    expect((await search({ search: 'x', cursor })).statusCode).toBe(200);
    expect((await search({ ...other, cursor })).json()).toMatchObject({
      status: 400,
      code: 'cursor_invalid',
    });
  });

  it('of one tenant is none of another', async () => {
    api.tier.page = { ...api.tier.page, events: [event(9)], more: true };
    const { next_cursor: cursor } = (await search({})).json();
    key = api.access.add('other', undefined, { tenant: 'other' });
    expect((await search({ cursor })).json()).toMatchObject({ code: 'cursor_invalid' });
  });
});

describe('searches at once', () => {
  it('are limited by key and in all, and say when to come again', async () => {
    await api.stop();
    api = await startTestApi({ settings: { searchesAtOncePerKey: 1, searchesAtOnce: 2 } });
    const keys = [1, 2, 3].map((n) => api.access.add(`analyst-${n}`));
    const post = (n: number, url: string, payload: object) =>
      api.inject({ method: 'POST', url, payload, headers: { authorization: keys[n] ?? '' } });
    await post(0, '/api/v1/streams', { name: 'web' });
    api.tier.hangs = true;
    const ask = (n: number) => post(n, '/api/v1/logs', { limit: n + 1 });
    void ask(0);
    void ask(1);
    await vi.waitFor(() => expect(api.tier.queries).toHaveLength(2));
    for (const [n, whose] of [
      [0, 'The key'],
      [2, 'The server'],
    ] as const) {
      const refused = await ask(n);
      expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_searches' });
      expect(refused.json().detail).toContain(whose);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
  });
});

describe('the events around one', () => {
  const event_id = `${'a'.repeat(32)}-3`;
  const around = (query = '') =>
    api.inject({ url: `/api/v1/logs/${event_id}/context?${query}`, headers: { authorization: key } });

  beforeEach(() => {
    const attributes = { user: { name: 'x' }, 'a.b': 5, list: [1] };
    const event = {
      event_id,
      tenant: 'default',
      stream: 'web',
      timestamp: formatTimestamp(9n),
      service: 's',
    };
    api.tier.events = [{ ...event, attributes, original: {} } as never];
    api.tier.page = { ...api.tier.page, events: [{ event_id: '1' }, { event_id: '2' }] as never };
  });

  it('are those before and after it in its stream, oldest first', async () => {
    const answer = await around('before=2&after=3');
    expect(answer.json()).toMatchObject({
      before: [{ event_id: '2' }, { event_id: '1' }],
      event: { event_id },
      after: [{ event_id: '1' }, { event_id: '2' }],
    });
    expect(answer.json().event).not.toHaveProperty('original');
    const position = { timestamp: 9n, block: 'a'.repeat(32), row: 3 };
    expect(api.tier.queries).toMatchObject([
      { order: 'desc', limit: 2, after: position, streams: [{ name: 'web' }] },
      { order: 'asc', limit: 3, after: position },
    ]);
  });

  it('are as it is in the fields that are named', async () => {
    await around('before=0&same=service,user.name,a.b,host');
    expect(api.tier.queries).toHaveLength(1);
    expect(api.tier.queries[0]?.filter).toEqual({
      kind: 'all',
      of: [
        { kind: 'equals', field: 'service', values: ['s'] },
        { kind: 'equals', field: 'user.name', values: ['x'] },
        { kind: 'equals', field: 'a.b', values: [5] },
        { kind: 'not', of: { kind: 'exists', field: 'host' } },
      ],
    });
  });

  it('need a field with one value, and a number of events', async () => {
    for (const query of ['same=list', 'before=1001', 'after=x'])
      expect((await around(query)).json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('a search that can not be answered', () => {
  it('lists every mistake at once, each with how to mend it', async () => {
    const answer = await search({
      limit: 10_001,
      start_time: 'yesterday',
      levle: 'x',
      filters: { a: [] },
      stream: 5,
    });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_request']);
    const errors = answer.json().errors as { path: string; message: string; mend: string }[];
    expect(errors.map(({ path }) => path).sort()).toEqual(['', 'filters.a', 'limit', 'start_time', 'stream']);
    expect(errors.find(({ path }) => path === '')?.mend).toContain('levle');
    expect(errors.find(({ path }) => path === 'limit')?.mend).toContain('10000');
    expect(errors.find(({ path }) => path === 'stream')?.message).toContain('string or array');
    for (const { mend } of errors) expect(mend).toMatch(/^[A-Z].*\.$/);
    expect(api.tier.queries).toEqual([]);
  });

  it('names an unknown stream, and an empty range', async () => {
    expect((await search({ stream: 'nope' })).json()).toMatchObject({ status: 404, code: 'stream_unknown' });
    const range = await search({ start_time: 'now', end_time: 'now-1h' });
    expect(range.json()).toMatchObject({ status: 400, errors: [{ path: 'start_time' }] });
  });

  it.each<[TierFailure, number, string]>([
    ['timeout', 503, 'search_timeout'],
    ['unavailable', 503, 'search_unavailable'],
    ['query', 400, 'search_invalid'],
    ['config', 500, 'internal_error'],
  ])('because of %s answers %i %s', async (failure, status, code) => {
    api.tier.failure = new TierError(failure, 'the engine said so');
    expect((await search({})).json()).toMatchObject({ status, code });
  });
});

describe('one event', () => {
  const find = (id: string) => api.inject({ url: `/api/v1/logs/${id}`, headers: { authorization: key } });

  it('is found by its id', async () => {
    const event_id = `${'a'.repeat(32)}-3`;
    api.tier.events = [{ event_id, tenant: 'default', stream: 'web' } as never];
    expect((await find(event_id)).json()).toMatchObject({ event_id });
    expect((await find(`${'b'.repeat(32)}-3`)).json()).toMatchObject({ status: 404, code: 'event_unknown' });
    expect((await find('3')).json()).toMatchObject({ status: 400, code: 'event_id_invalid' });
  });
});

it('work ends when its client leaves, and not when it has its answer', async () => {
  const response = Object.assign(new EventEmitter(), { writableEnded: false });
  const ended = (signal: AbortSignal) =>
    new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('gone')));
  const result = whileClientListens(response, ended);
  response.emit('close');
  expect(await result).toBe('gone');
  expect(response.listenerCount('close')).toBe(0);
});
