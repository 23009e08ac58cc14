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
  expect([answer.statusCode, answer.json()]).toEqual([200, { events: [], total: 0 }]);
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
