import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let mine: string;
let theirs: string;

beforeEach(async () => {
  api = await startTestApi();
  mine = api.access.add('mine', undefined, { tenant: 'acme' });
  theirs = api.access.add('theirs', undefined, { tenant: 'other' });
  await api.inject({
    method: 'POST',
    url: '/api/v1/streams',
    payload: { name: 'web' },
    headers: { authorization: mine },
  });
});
afterEach(() => api.stop());

const get = (url: string, authorization: string) =>
  api.inject({ url, headers: { authorization, 'x-scope-orgid': 'acme', 'alluvium-tenant': 'acme' } });

it("another tenant's streams are not there", async () => {
  expect((await get('/api/v1/streams/web', mine)).statusCode).toBe(200);
  expect((await get('/api/v1/streams', theirs)).json()).toEqual({ streams: [] });
  for (const url of ['/api/v1/streams/web', '/api/v1/streams/web/roll-ups/check'])
    expect((await get(url, theirs)).json().code).toBe('stream_unknown');
  const search = await api.inject({
    method: 'POST',
    url: '/api/v1/logs',
    payload: { stream: 'web' },
    headers: { authorization: theirs },
  });
  expect(search.json().code).toBe('stream_unknown');
});

it("another tenant's events are not found, whatever the request says", async () => {
  const event_id = `${'0'.repeat(32)}-0`;
  api.tier.events = [{ event_id, tenant: 'acme', stream: 'web', message: 'hello' } as never];
  expect((await get(`/api/v1/logs/${event_id}`, mine)).json()).toMatchObject({ message: 'hello' });
  expect((await get(`/api/v1/logs/${event_id}`, theirs)).json().code).toBe('event_unknown');
  await get('/api/v1/quarantine', theirs);
  expect(api.tier.quarantineQueries.map(({ tenant }) => tenant)).toEqual(['other']);
  const body = await api.inject({
    method: 'POST',
    url: '/api/v1/logs',
    payload: { tenant: 'acme' },
    headers: { authorization: theirs },
  });
  expect([body.statusCode, api.tier.queries.length]).toEqual([400, 0]);
});

it("another tenant's receipt is not there, nor another key's without quarantine:read", async () => {
  const sent = await api.inject({
    method: 'POST',
    url: '/api/v1/events',
    payload: '{}\n',
    headers: { authorization: mine, 'content-type': 'application/x-ndjson' },
  });
  const url = String(sent.headers.location);
  const writer = api.access.add('writer', ['events:write'], { tenant: 'acme' });
  const auditor = api.access.add('auditor', ['quarantine:read'], { tenant: 'acme' });
  const statuses = await Promise.all(
    [mine, auditor, writer, theirs].map(async (key) => (await get(url, key)).statusCode),
  );
  expect(statuses).toEqual([200, 200, 404, 404]);
  expect((await get(`${url.slice(0, -2)}AA`, mine)).json().code).toBe('receipt_unknown');
  expect((await get('/api/v1/receipts/nonsense', mine)).json().code).toBe('receipt_unknown');
});
