import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('admin', ['keys:admin'], { tenant: 'acme' });
});
afterEach(() => api.stop());

const call = (method: 'GET' | 'POST' | 'DELETE', path = '', payload?: object) =>
  api.inject({
    method,
    url: `/api/v1/keys${path}`,
    headers: { authorization: key },
    ...(payload && { payload }),
  });

it('are asked for on behalf of the caller, with every field', async () => {
  const made = await call('POST', '', {
    name: 'shipper',
    scopes: ['events:write'],
    tenant: 'acme',
    source: 'edge',
    default_stream: 'web',
    streams: ['web'],
    expires_at: '2030-01-01T00:00:00Z',
  });
  expect(made.statusCode).toBe(201);
  expect(made.json()).toMatchObject({ key: 'alv_abcd1234_secret', id: 'abcd1234', name: 'shipper' });
  const [asked] = api.keyRing.requests;
  expect(asked?.by.tenant).toBe('acme');
  expect(asked?.request).toEqual({
    name: 'shipper',
    scopes: ['events:write'],
    tenant: 'acme',
    source: 'edge',
    defaultStream: 'web',
    streams: ['web'],
    expiresAt: 1_893_456_000_000_000_000n,
  });
});

it('show their secret once', async () => {
  await call('POST', '', { name: 'shipper', scopes: ['events:write'] });
  const list = await call('GET');
  expect(list.json().keys).toMatchObject([{ id: 'abcd1234' }]);
  expect(list.body).not.toContain('secret');
});

it('are revoked, and those of others are not there', async () => {
  await call('POST', '', { name: 'shipper', scopes: ['events:write'] });
  expect((await call('DELETE', '/abcd1234')).json()).toMatchObject({ revoked_at: expect.any(String) });
  key = api.access.add('foreign', ['keys:admin'], { tenant: 'other' });
  expect((await call('DELETE', '/abcd1234')).json()).toMatchObject({ status: 404, code: 'key_not_found' });
});

it('are found by their id, and those of others are not there', async () => {
  await call('POST', '', { name: 'shipper', scopes: ['events:write'] });
  expect((await call('GET', '/abcd1234')).json()).toMatchObject({ id: 'abcd1234', name: 'shipper' });
  key = api.access.add('foreign', ['keys:admin'], { tenant: 'other' });
  expect((await call('GET', '/abcd1234')).json()).toMatchObject({ status: 404, code: 'key_not_found' });
});

it('with an unknown scope are refused with the list of scopes', async () => {
  const answer = await call('POST', '', { name: 'x', scopes: ['everything'] });
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ path: 'scopes.0' }] });
  expect(answer.json().errors[0].mend).toContain('events:write');
});
