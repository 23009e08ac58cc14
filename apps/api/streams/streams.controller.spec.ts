import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('admin');
});
afterEach(() => api.stop());

const create = (payload: object) =>
  api.inject({ method: 'POST', url: '/api/v1/streams', payload, headers: { authorization: key } });
const get = (path: string) => api.inject({ url: `/api/v1/streams${path}`, headers: { authorization: key } });

it('are made, listed and found', async () => {
  const made = await create({ name: 'web', keep_raw: 'always' });
  expect(made.statusCode).toBe(201);
  const stream = { name: 'web', event_type: 'log', keep_raw: 'always', created_at: expect.any(String) };
  expect(made.json()).toEqual(stream);
  expect((await get('')).json()).toEqual({ streams: [stream] });
  expect((await get('/web')).json()).toEqual(stream);
  expect((await get('/nope')).json()).toMatchObject({ status: 404, code: 'stream_unknown' });
});

it.each([
  [{ name: 'Bad Name' }, 400, 'invalid_request'],
  [{ name: 'web', color: 'red' }, 400, 'invalid_request'],
  [{ name: 'web', event_type: 'nope' }, 400, 'event_type_unknown'],
  [{ name: 'web', stored_in: 'documents' }, 400, 'documents_tier_missing'],
  [{ name: 'web', stored_in: 'both' }, 400, 'documents_tier_missing'],
  [{ name: 'web', stored_in: 'paper' }, 400, 'invalid_request'],
])('refuse %j', async (payload, status, code) => {
  expect((await create(payload)).json()).toMatchObject({ status, code });
});

it('are made once', async () => {
  await create({ name: 'web' });
  expect((await create({ name: 'web' })).json()).toMatchObject({ status: 409, code: 'stream_exists' });
});

it('of a key that is held to some are those', async () => {
  await create({ name: 'web' });
  key = api.access.add('held', undefined, { streams: new Set(['db']) });
  expect((await create({ name: 'other' })).json().code).toBe('forbidden');
  await create({ name: 'db' });
  expect((await get('')).json().streams).toMatchObject([{ name: 'db' }]);
  expect((await get('/web')).statusCode).toBe(404);
});

it('say whether their roll-ups add up', async () => {
  await create({ name: 'web' });
  expect((await get('/web/roll-ups/check')).json()).toEqual({ ok: true, days_wrong: [] });
  api.tier.daysWrong = [20260102];
  expect((await get('/web/roll-ups/check')).json()).toEqual({ ok: false, days_wrong: [20260102] });
});

it('have their tables when they are made, or get them with their first events', async () => {
  await create({ name: 'web' });
  expect(api.tier.prepared).toEqual(['web']);
  api.tier.failure = new Error('the engine is down');
  expect((await create({ name: 'db' })).statusCode).toBe(201);
  api.tier.hangs = true;
  expect((await create({ name: 'slow' })).statusCode).toBe(201);
});
