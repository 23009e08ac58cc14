import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTimestamp } from '#event-model';
import { TierError, type TierFailure } from '#plugin-kit';
import { whileClientListens } from '../requests/client-gone.js';
import { startSearchApi, type SearchApi } from './testing/search-api.js';

let api: SearchApi;

beforeEach(async () => {
  api = await startSearchApi();
});
afterEach(() => api.stop());

describe('a search', () => {
  it('asks the tier for exactly what the request says', async () => {
    const answer = await api.search({
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
    await api.search({});
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
    expect((await api.search({})).json()).toEqual({
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
    const held = api.access.add('held', ['logs:read'], { streams: new Set(['web']) });
    await api.search({}, held);
    expect(api.tier.queries[0]?.streams.map(({ name }) => name)).toEqual(['web']);
    expect((await api.search({ stream: 'db' }, held)).json().code).toBe('forbidden');
  });

  it('of a tenant without streams finds nothing', async () => {
    const fresh = api.access.add('fresh', undefined, { tenant: 'fresh' });
    expect((await api.search({}, fresh)).json()).toMatchObject({ total: 0, logs: [] });
  });
});

describe('a search by a link', () => {
  const follow = (query: string) => api.get(`/api/v1/logs?${query}`);

  it('asks the same as its twin', async () => {
    await api.search({
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

describe('a search that can not be answered', () => {
  it('lists every mistake at once, each with how to mend it', async () => {
    const answer = await api.search({
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
    expect((await api.search({ stream: 'nope' })).json()).toMatchObject({
      status: 404,
      code: 'stream_unknown',
    });
    const range = await api.search({ start_time: 'now', end_time: 'now-1h' });
    expect(range.json()).toMatchObject({ status: 400, errors: [{ path: 'start_time' }] });
  });

  it.each<[TierFailure, number, string]>([
    ['timeout', 503, 'search_timeout'],
    ['unavailable', 503, 'search_unavailable'],
    ['query', 400, 'search_invalid'],
    ['config', 500, 'internal_error'],
  ])('because of %s answers %i %s', async (failure, status, code) => {
    api.tier.failure = new TierError(failure, 'the engine said so');
    expect((await api.search({})).json()).toMatchObject({ status, code });
  });
});

describe('one event', () => {
  const find = (id: string) => api.get(`/api/v1/logs/${id}`);

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
