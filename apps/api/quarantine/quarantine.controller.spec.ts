import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('analyst');
  const headers = { authorization: key };
  await api.inject({ method: 'POST', url: '/api/v1/streams', payload: { name: 'web' }, headers });
});
afterEach(() => api.stop());

const list = (query: string) =>
  api.inject({ url: `/api/v1/quarantine?${query}`, headers: { authorization: key } });

it('is asked for what the query says', async () => {
  const answer = await list('stream=web&source=agent&reason=missing:user_id&limit=5');
  expect([answer.statusCode, answer.json()]).toEqual([200, { events: [], total: 0, next_cursor: null }]);
  expect(api.tier.quarantineQueries).toEqual([
    { tenant: 'default', stream: 'web', source: 'agent', reason: 'missing:user_id', limit: 5 },
  ]);
});

it.each([
  ['limit=0', 400, 'invalid_request'],
  ['limit=x', 400, 'invalid_request'],
  ['tenant=other', 400, 'invalid_request'],
  ['stream=nope', 404, 'stream_unknown'],
])('refuses %s', async (query, status, code) => {
  expect((await list(query)).json()).toMatchObject({ status, code });
});

it('of a key that is held to some streams needs one of them', async () => {
  key = api.access.add('held', ['quarantine:read'], { streams: new Set(['web']) });
  expect((await list('')).json()).toMatchObject({ status: 403, mend: expect.stringContaining('stream=') });
  expect((await list('stream=web')).statusCode).toBe(200);
});

it('is paged by a cursor of the same conditions and tenant', async () => {
  const event = { event_id: `${'a'.repeat(32)}-3`, received_at: '1970-01-01T00:00:00.000000009Z' } as never;
  api.tier.quarantinePage = { events: [event], more: true, total: 5 };
  const { next_cursor: cursor } = (await list('reason=not_json&limit=1')).json();
  await list(`reason=not_json&cursor=${cursor}`);
  expect(api.tier.quarantineQueries[1]).toEqual({
    tenant: 'default',
    reason: 'not_json',
    limit: 100,
    after: { timestamp: 9n, block: 'a'.repeat(32), row: 3 },
  });
  for (const query of [`cursor=${cursor}`, `reason=other&cursor=${cursor}`, 'reason=not_json&cursor=x'])
    expect((await list(query)).json()).toMatchObject({ status: 400, code: 'cursor_invalid' });
  key = api.access.add('other', undefined, { tenant: 'other' });
  expect((await list(`reason=not_json&cursor=${cursor}`)).json()).toMatchObject({ code: 'cursor_invalid' });
});

const filters = () => api.tier.quarantineFilters;
const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  api.inject({ method, url: `/api/v1/${url}`, headers: { authorization: key }, ...(payload && { payload }) });

it('is counted by its sides', async () => {
  api.tier.refusedCounts = {
    ...api.tier.refusedCounts,
    total: 3,
    reasons: [{ value: 'not_json', events: 3 }],
  };
  const answer = await ask('GET', 'quarantine/counts?parser=syslog&start_time=2026-11-20T00:00:00Z');
  expect(answer.json()).toEqual(api.tier.refusedCounts);
  expect(filters()).toEqual([{ tenant: 'default', parser: 'syslog', from: 1_795_132_800_000_000_000n }]);
});

it('is exported as it comes', async () => {
  api.tier.refusedLines = ['{"a":1}', '{"b":2}'];
  const answer = await ask('GET', 'quarantine/export?reason=not_json');
  expect([answer.headers['content-type'], answer.body]).toEqual([
    'application/x-ndjson',
    '{"a":1}\n{"b":2}\n',
  ]);
  expect(filters()).toEqual([{ tenant: 'default', reason: 'not_json' }]);
});

describe('what is done with it', () => {
  it('is a job that can be asked after, and stands in the book', async () => {
    api.tier.refusedCounts = { ...api.tier.refusedCounts, total: 7 };
    const begun = await ask('POST', 'quarantine/replay', {
      filter: { stream: 'web', reason: 'not_json' },
      parser: 'auto',
    });
    expect([begun.statusCode, begun.json()]).toEqual([202, { job: expect.any(String), events: 7 }]);
    const { job } = begun.json();
    expect((await ask('GET', `jobs/${job}`)).json()).toMatchObject({
      id: job,
      kind: 'quarantine.move',
      state: 'waiting',
    });
    const actions = (await ask('GET', 'quarantine/actions')).json();
    expect(actions).toMatchObject({
      actions: [
        {
          ...{ id: job, kind: 'replay', with_parser: 'auto' },
          filter: { stream: 'web', reason: 'not_json', end_time: expect.any(String) },
          by: { key_id: 'analyst', key_name: 'analyst' },
          ...{ stored: 0, deduplicated: 0, dropped: 0 },
        },
      ],
    });
    key = api.access.add('other', undefined, { tenant: 'other' });
    expect((await ask('GET', `jobs/${job}`)).json()).toMatchObject({ status: 404, code: 'job_not_found' });
    expect((await ask('GET', 'quarantine/actions')).json()).toEqual({ actions: [] });
  });

  it.each([
    ['quarantine/replay', { parser: 'nope' }, 400, 'parser_unknown'],
    ['quarantine/replay', { filter: { stream: 'nope' } }, 404, 'stream_unknown'],
    ['quarantine/replay', { filter: { start_time: 'x' } }, 400, 'invalid_request'],
    ['quarantine/resolve', { filter: {} }, 400, 'invalid_request'],
    ['quarantine/resolve', {}, 400, 'invalid_request'],
  ])('is refused as %s %j', async (url, payload, status, code) => {
    expect((await ask('POST', url, payload)).json()).toMatchObject({ status, code });
    expect((await ask('GET', 'quarantine/actions')).json()).toEqual({ actions: [] });
  });

  it('is never what comes later, nor of streams that the key may not touch', async () => {
    await ask('POST', 'quarantine/resolve', { filter: { source: 'a', end_time: '2100-01-01T00:00:00Z' } });
    expect(filters()[0]?.to).toBeLessThanOrEqual(BigInt(Date.now()) * 1_000_000n + 1_000_000n);
    key = api.access.add('held', ['streams:admin'], { streams: new Set(['web']) });
    expect((await ask('POST', 'quarantine/replay', { filter: {} })).statusCode).toBe(403);
  });
});
