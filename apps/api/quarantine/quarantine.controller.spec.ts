import { afterEach, beforeEach, expect, it } from 'vitest';
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
