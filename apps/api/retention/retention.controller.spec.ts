import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const DAY_MS = 86_400_000;

let api: TestApi;
let admin: string;
beforeEach(async () => {
  api = await startTestApi();
  admin = api.access.add('admin');
  await ask('POST', 'streams', { name: 'web' });
  const unit = { generation: 0, events: 10, diskBytes: 1_000, oldest: 1n, newest: 2n };
  api.tier.units.set('web', [
    { ...unit, day: 20200101 },
    { ...unit, day: 20200301 },
    { ...unit, day: Number(new Date().toISOString().slice(0, 10).replaceAll('-', '')) },
  ]);
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object, key = admin) =>
  api.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: key } },
    ...(payload && { payload }),
  });
const plan = async (body: object = {}) => (await ask('POST', 'retention/plan', body)).json();
const codeOf = async (...call: Parameters<typeof ask>): Promise<string> => (await ask(...call)).json().code;

describe('a plan', () => {
  it('says what goes, is kept, and changes nothing', async () => {
    const { id } = (await ask('POST', 'holds', { reason: 'x', end_time: '2020-01-02T00:00:00Z' })).json();
    const made = await plan();
    expect(made).toMatchObject({
      ...{ made_by: { kind: 'key', key_name: 'admin' }, policies_version: 0, saves_policies: false },
      totals: {
        ...{ leaves: { units: 1, events: 10, bytes: 1_000 }, held: { units: 1, events: 10 } },
        ...{ storage_before: 3_000, storage_after: 2_000 },
      },
      streams: [{ stream: 'web', policy: 'default', keep: 'search 30d -> delete' }],
      leaving: [{ day: '2020-03-01', why: 'age', policy: 'default', tier: 'search' }],
      held: [{ day: '2020-01-01', held_by: [id] }],
    });
    expect(JSON.stringify(made)).not.toMatch(/identities|through/);
    expect((await ask('GET', `retention/plans/${made.id}`)).json()).toEqual(made);
    expect((await ask('GET', 'retention/policies')).json().version).toBe(0);
  });

  it('says what storage costs where prices are set, by the prices of now', async () => {
    const before = await plan();
    expect(before.totals.cost).toBeUndefined();
    const price = (retention_prices: string) =>
      api.inject({
        ...{ method: 'PATCH', url: '/api/v1/settings', headers: { authorization: admin } },
        payload: { retention_prices, retention_currency: 'EUR' },
      });
    expect((await price('search=0.1,search=0.2')).json().code).toBe('settings_invalid');
    expect((await price('search=1073741.824')).statusCode).toBe(200);
    expect((await ask('GET', `retention/plans/${before.id}`)).json().totals.cost).toEqual({
      ...{ currency: 'EUR', per_month_before: 3, per_month_after: 1, unpriced_tiers: [] },
    });
  });

  it('is for policies that are not saved, which are saved with it; null takes one away', async () => {
    await ask('PUT', 'retention/policies/stream:web', { keep: 'forever' });
    expect((await plan()).leaving).toEqual([]);
    const policies = { 'stream:web': null, tenant: { keep: 'search 1y -> delete' } };
    const made = await plan({ policies, streams: ['web'] });
    expect([made.saves_policies, made.leaving.length]).toEqual([true, 2]);
    const applied = await ask('POST', 'retention/apply', { plan: made.id });
    expect([applied.statusCode, applied.json()]).toEqual([
      202,
      { job: made.id, planned: { units: 2, events: 20, bytes: 2_000 } },
    ]);
    const book = (await ask('GET', 'retention/policies')).json();
    expect(book).toMatchObject({ version: 2, policies: [{ name: 'tenant', keep: 'search 365d -> delete' }] });
    expect((await ask('GET', 'retention/versions')).json().versions[0].plan).toBe(made.id);
    expect((await ask('GET', `jobs/${made.id}`)).json()).toMatchObject({ kind: 'retention.apply' });
    expect((await ask('DELETE', `jobs/${made.id}`)).json()).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    [{ policies: { tenant: { keep: 'search 1h -> delete' } } }, 'invalid_request'],
    [{ policies: { tenant: { keep: 'search 1d -> archive 1d -> delete' } } }, 'invalid_request'],
    [{ policies: { 'stream:none': { keep: 'forever' } } }, 'stream_unknown'],
    [{ policies: { 'tenant:acme': { keep: 'forever' } } }, 'policy_name_invalid'],
    [{ streams: ['none'] }, 'stream_unknown'],
    [{ streams: [] }, 'invalid_request'],
    [{ streams: ['../web'] }, 'invalid_request'],
    [{ tenant: 'acme' }, 'invalid_request'],
  ])('is refused for %o', async (body, code) => {
    expect((await plan(body)).code).toBe(code);
  });

  it('is refused where it is unknown, stale, or of another tenant', async () => {
    const { id } = await plan();
    const other = api.access.add('other', undefined, { tenant: 'acme' });
    for (const key of [admin, other])
      expect(await codeOf('POST', 'retention/apply', { plan: key === admin ? 'none' : id }, key)).toBe(
        'plan_not_found',
      );
    expect(await codeOf('GET', `retention/plans/${id}`, undefined, other)).toBe('plan_not_found');
    expect(await codeOf('POST', 'retention/apply', { plan: id, accept_clock: false })).toBe(
      'invalid_request',
    );
    await ask('PUT', 'retention/policies/tenant', { keep: 'forever' });
    expect(await codeOf('POST', 'retention/apply', { plan: id })).toBe('plan_stale');
    expect((await ask('GET', 'retention/runs')).json()).toEqual({ runs: [] });
  });
});

it('only a key of the whole appliance says that the clock is right, which all tenants hang on', async () => {
  const own = api.access.add('own', ['streams:admin']);
  const { id } = await plan();
  expect(await codeOf('POST', 'retention/apply', { plan: id, accept_clock: true }, own)).toBe('forbidden');
  expect((await ask('GET', 'retention/status')).json().clock.state).toBe('settling');
  expect((await ask('POST', 'retention/apply', { plan: id, accept_clock: true })).statusCode).toBe(202);
  expect((await ask('GET', 'retention/status')).json().clock.state).toBe('trusted');
});

it('a plan whose id is none is told from one that is not there', async () => {
  const apply = (id: string) => codeOf('POST', 'retention/apply', { plan: id });
  expect([await apply('a\0b'), await apply('../x'), await apply('none')]).toEqual([
    ...['invalid_request', 'invalid_request', 'plan_not_found'],
  ]);
});

describe('the status', () => {
  it('has what is wanted and what is there, and the runs', async () => {
    const before = (await ask('GET', 'retention/status')).json();
    expect(before).toMatchObject({
      ...{ first_plan_applied_at: null, clock: { state: 'settling' }, runs: [] },
      schedule: { run_at: '02:00', time_zone: 'UTC', next_at: expect.stringMatching(/T02:00:00.000Z$/) },
    });
    const wanted = new Date(Date.now() - 30 * DAY_MS).toISOString().slice(0, 10);
    expect(before.streams[0]).toMatchObject({
      ...{ stream: 'web', class: 'normal', held_by: [] },
      tiers: [
        { oldest_wanted: wanted, oldest_stored: '2020-01-01', overdue: { units: 2 }, drift: { units: 2 } },
      ],
    });
    const { id } = await plan();
    await ask('POST', 'retention/apply', { plan: id });
    const after = (await ask('GET', 'retention/status')).json();
    expect(after.first_plan_applied_at).toMatch(/^20/);
    expect(after.runs).toMatchObject([{ id, state: 'running', planned: { units: 2 } }]);
    expect((await ask('GET', `retention/runs/${id}`)).json()).toMatchObject({ id, units: [] });
    expect(await codeOf('GET', 'retention/runs/none')).toBe('run_not_found');
  });

  it('names tables that the engine deletes from by itself', async () => {
    expect((await ask('GET', 'retention/status')).json().table_ttls).toEqual([]);
    api.tier.ttls = [{ stream: 'web', ttl: 'TTL timestamp + 1' }];
    expect((await ask('GET', 'retention/status')).json().table_ttls).toEqual(api.tier.ttls);
  });

  it('tells the next times of policies that have their own', async () => {
    const cron = '0 3   1 1 *';
    await ask('PUT', 'retention/policies/stream:web', { keep: 'forever', cron });
    const [told] = (await ask('GET', 'retention/status')).json().schedule.policies;
    expect(told).toMatchObject({ policy: 'stream:web', cron: '0 3 1 1 *' });
    expect(told.next_at).toMatch(/^\d{4}-01-01T03:00:00\.000Z$/);
  });

  it('has no next time where the schedule is off', async () => {
    await api.inject({
      ...{ method: 'PATCH', url: '/api/v1/settings', headers: { authorization: admin } },
      payload: { retention_run_at: 'off' },
    });
    expect((await ask('GET', 'retention/status')).json().schedule).toEqual({
      ...{ run_at: 'off', time_zone: 'UTC', next_at: null, policies: [] },
    });
  });
});

it('a key that is held to some streams may do none of it', async () => {
  const held = api.access.add('held', undefined, { streams: new Set(['web']) });
  for (const path of ['status', 'runs', 'runs/x', 'plans/x'])
    expect(await codeOf('GET', `retention/${path}`, undefined, held)).toBe('forbidden');
  expect(await codeOf('POST', 'retention/plan', {}, held)).toBe('forbidden');
  expect(await codeOf('POST', 'retention/apply', { plan: 'x' }, held)).toBe('forbidden');
});
