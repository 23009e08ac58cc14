import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const STATE = { name: 'state', type: 'keyword', description: 'How far it is.' };
const WEIGHT = { name: 'weight', type: 'float64', aliases: ['order.weight'], description: 'In kg.' };
const ORDER = { title: 'Order', description: 'An order.', fields: [STATE] };

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('admin');
});
afterEach(() => api.stop());

const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) => {
  const url = `/api/v1/${path}`;
  const answer = await api.inject({
    method,
    url,
    headers: { authorization: key },
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
};
const declare = (more: object = {}) => ask('POST', 'event-types', { name: 'order', ...ORDER, ...more });

describe('event types', () => {
  it('are described one by one', async () => {
    const { body } = await ask('GET', 'event-types/log');
    expect(body).toMatchObject({
      name: 'log',
      origin: 'plugin',
      roll_ups: [],
      example: { message: 'hello' },
    });
    expect(body.fields[0]).toMatchObject({ name: 'level', required: false, since: 1 });
    expect((await ask('GET', 'event-types/nope')).body).toMatchObject({
      ...{ status: 404, code: 'event_type_not_found' },
    });
  });

  it('are listed with the schema of their events', async () => {
    key = api.access.add('agent', ['events:write']);
    expect((await ask('GET', 'event-types')).body.event_types).toMatchObject([
      {
        name: 'log',
        title: 'Log record',
        version: 1,
        schema: { type: 'object', properties: { message: {} } },
      },
    ]);
  });

  it('are declared, used at once, changed and taken away', async () => {
    const made = await declare();
    expect(made).toMatchObject({ status: 201, body: { name: 'order', version: 1, origin: 'declared' } });
    expect((await ask('GET', 'event-types')).body.event_types).toHaveLength(2);
    const changed = await ask('PUT', 'event-types/order', { ...ORDER, fields: [WEIGHT, STATE] });
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, versions: [{ version: 1 }, { version: 2 }] },
    });
    const own = changed.body.fields.slice(-2);
    expect(own).toMatchObject([STATE, { ...WEIGHT, since: 2 }]);
    const again = await ask('PUT', 'event-types/order', { ...ORDER, fields: [STATE, WEIGHT] });
    expect(again.body).toMatchObject({ version: 2 });
    expect((await ask('POST', 'streams', { name: 'orders', event_type: 'order' })).status).toBe(201);
    expect((await ask('GET', 'event-types/order')).body.streams).toEqual([{ name: 'orders', version: 2 }]);
    expect((await ask('DELETE', 'event-types/order')).body).toMatchObject({
      ...{ status: 409, code: 'event_type_in_use', detail: expect.stringContaining('orders') },
    });
    await declare({ name: 'other' });
    expect((await ask('DELETE', 'event-types/other')).body).toMatchObject({ name: 'other' });
    expect((await ask('GET', 'event-types/other')).status).toBe(404);
  });

  it('are of a tenant, and for all its streams', async () => {
    await declare();
    key = api.access.add('held', ['streams:admin'], { streams: new Set(['web']) });
    expect((await declare({ name: 'x' })).status).toBe(403);
    expect((await ask('DELETE', 'event-types/order')).status).toBe(403);
    key = api.access.add('other', undefined, { tenant: 'other' });
    expect((await ask('GET', 'event-types/order')).status).toBe(404);
    expect((await ask('POST', 'streams', { name: 'orders', event_type: 'order' })).body.code).toBe(
      'event_type_unknown',
    );
    expect((await declare()).status).toBe(201);
  });

  it('of plugins are not changed by the way', async () => {
    expect((await ask('PUT', 'event-types/log', ORDER)).body).toMatchObject({ code: 'event_type_of_plugin' });
    expect((await ask('DELETE', 'event-types/log')).body).toMatchObject({ code: 'event_type_of_plugin' });
    expect((await declare({ name: 'log' })).body).toMatchObject({ status: 409, code: 'event_type_exists' });
    expect((await ask('PUT', 'event-types/nope', ORDER)).body).toMatchObject({
      code: 'event_type_not_found',
    });
  });
});

describe('a declaration', () => {
  it.each([
    [{ title: '' }, 'invalid_request'],
    [{ color: 'red' }, 'invalid_request'],
    [{ fields: [{ ...STATE, type: 'date' }] }, 'invalid_request'],
    [{ name: 'Bad Name' }, 'event_type_invalid'],
    [{ fields: [{ ...STATE, name: 'reason' }] }, 'event_type_invalid'],
    [{ fields: [{ ...STATE, aliases: ['message'] }] }, 'event_type_invalid'],
    [{ fields: [{ ...STATE, aliases: ['a`b'] }] }, 'event_type_invalid'],
    [{ sort_by: ['weight'] }, 'event_type_invalid'],
    [{ example: { state: 7 } }, 'event_type_invalid'],
  ])('is refused with %j', async (more, code) => {
    expect(await declare(more)).toMatchObject({
      status: 400,
      body: { code, errors: [{ mend: expect.any(String) }] },
    });
    expect((await ask('GET', 'event-types/order')).status).toBe(404);
  });

  it('is told all its mistakes at once', async () => {
    const fields = [{ ...STATE, name: 'source' }, STATE, STATE];
    const rollUps = [
      { name: 'r', by: ['nope'] },
      { name: 'empty', by: [] },
    ];
    const { body } = await declare({ fields, roll_ups: rollUps });
    const paths = body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['fields', 'fields', 'roll_ups', 'roll_ups']);
    expect(body.errors.at(-1).mend).toBe('name a field in by or in unique, or leave the roll-up out.');
  });

  it('that tables can not follow is refused with what, where and how to mend it', async () => {
    await declare({ sort_by: ['state'], roll_ups: [{ name: 'r', by: ['state'] }] });
    const { status, body } = await ask('PUT', 'event-types/order', {
      ...ORDER,
      fields: [{ ...STATE, type: 'string' }],
    });
    expect([status, body.code]).toEqual([409, 'event_type_change_refused']);
    expect(body.errors).toMatchObject([
      { path: 'fields', message: expect.stringContaining('keyword'), mend: expect.stringContaining('keep') },
      { path: 'sort_by', message: expect.stringContaining('sorted by state') },
      { path: 'roll_ups', message: expect.stringContaining('"r" is missing') },
    ]);
    expect((await ask('GET', 'event-types/order')).body.version).toBe(1);
  });
});

describe('a dry run', () => {
  const plan = (more: object = {}) =>
    ask('POST', 'event-types/dry-run', { name: 'order', ...ORDER, ...more });

  it('says what a new type would have', async () => {
    const { body } = await plan({
      fields: [{ ...STATE, required: true }],
      sort_by: ['state'],
      example: { state: 'sent' },
    });
    expect(body).toMatchObject({ ok: true, version: 1, errors: [], streams: [] });
    expect(body.columns).toEqual([
      {
        ...{ name: 'state', type: 'text of few distinct values', change: 'new', read_from: ['state'] },
        ...{ required: true, indexed: false },
      },
    ]);
    expect(body.effects.join('\n')).toContain('missing:state');
    expect((await ask('GET', 'event-types/order')).status).toBe(404);
  });

  it('says what a new version would change', async () => {
    await declare();
    await ask('POST', 'streams', { name: 'orders', event_type: 'order' });
    const fields = [{ ...STATE, indexed: true, aliases: ['order.state'] }, WEIGHT];
    const { body } = await plan({ fields, roll_ups: [{ name: 'r', by: ['state'] }] });
    expect(body).toMatchObject({ ok: true, version: 2, streams: ['orders'] });
    expect(body.effects).toEqual([
      expect.stringContaining('1 stream is changed'),
      expect.stringContaining('order.state too'),
      expect.stringContaining('Equality on "state" gets fast'),
      expect.stringContaining('attributes weight, order.weight'),
      expect.stringContaining('counted per minute by state'),
    ]);
    expect((await plan()).body.effects).toEqual(['Nothing: the type is declared so already.']);
    expect((await ask('GET', 'event-types/order')).body.version).toBe(1);
  });

  it('says all that stands against it', async () => {
    await declare();
    const { body } = await plan({ fields: [{ ...STATE, type: 'bool' }], sort_by: ['nope'] });
    expect(body).toMatchObject({ ok: false, effects: ['Nothing: it would be refused.'], streams: [] });
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['sort_by', 'fields', 'sort_by']);
    expect((await plan({ name: 'log' })).body).toMatchObject({ ok: false, errors: [{ path: 'name' }] });
  });
});
