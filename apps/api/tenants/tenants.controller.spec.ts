import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('root', ['system']);
});
afterEach(() => api.stop());

const create = (name: unknown) =>
  api.inject({ method: 'POST', url: '/api/v1/tenants', payload: { name }, headers: { authorization: key } });

it('are made and listed', async () => {
  expect((await create('acme')).statusCode).toBe(201);
  const list = await api.inject({ url: '/api/v1/tenants', headers: { authorization: key } });
  expect(list.json().tenants.map(({ name }: { name: string }) => name)).toEqual(['default', 'acme']);
});

it('are found by their name', async () => {
  await create('acme');
  const find = async (name: string) =>
    (await api.inject({ url: `/api/v1/tenants/${name}`, headers: { authorization: key } })).json();
  expect(await find('acme')).toMatchObject({ name: 'acme', created_at: expect.any(String) });
  expect(await find('default')).toEqual({ name: 'default' });
  expect(await find('nope')).toMatchObject({ status: 404, code: 'tenant_not_found' });
});

it.each([
  ['default', 409, 'tenant_exists'],
  ['No Name', 400, 'tenant_invalid'],
  [7, 400, 'invalid_request'],
])('named %j are refused', async (name, status, code) => {
  expect((await create(name)).json()).toMatchObject({ status, code });
});
