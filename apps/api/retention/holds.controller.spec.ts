import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let admin: string;
beforeEach(async () => {
  api = await startTestApi();
  admin = api.access.add('admin');
  await ask('POST', 'streams', { name: 'web' });
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, key = admin) =>
  api.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: key } },
    ...(payload && { payload }),
  });

const WEEK = {
  ...{ stream: 'web', reason: 'case 7' },
  ...{ start_time: '2026-11-01T00:00:00Z', end_time: '2026-11-08T00:00:00Z' },
};

describe('holds', () => {
  it('are made, listed and released, and stay in the list', async () => {
    const made = await ask('POST', 'holds', WEEK);
    const by = { key_id: 'admin', key_name: 'admin' };
    const shown = {
      ...{ id: expect.any(String), stream: 'web', reason: 'case 7' },
      start_time: '2026-11-01T00:00:00.000000000Z',
      end_time: '2026-11-08T00:00:00.000000000Z',
      ...{ created_at: expect.any(String), created_by: by },
    };
    expect([made.statusCode, made.json()]).toEqual([201, { ...shown, under_removal: [], in_trash: [] }]);
    const { id } = made.json<{ readonly id: string }>();
    expect((await ask('GET', 'holds')).json()).toEqual({ holds: [shown] });
    expect((await ask('GET', `holds/${id}`)).json()).toEqual(shown);
    const released = { ...shown, released_at: expect.any(String), released_by: by };
    expect((await ask('DELETE', `holds/${id}`)).json()).toEqual(released);
    expect((await ask('GET', 'holds')).json()).toEqual({ holds: [released] });
  });

  it('may be for all streams and all times', async () => {
    const made = await ask('POST', 'holds', { reason: 'audit' });
    expect(made.json()).toEqual({
      ...{ id: expect.any(String), reason: 'audit', under_removal: [], in_trash: [] },
      ...{ created_at: expect.any(String), created_by: expect.anything() },
    });
  });

  it('say which days were under removal when they came', async () => {
    const removal = { tenant: 'default', stream: 'web', day: 20261103, generation: 0, order: 'plan-1' };
    const away = { ...removal, stream: 'other' };
    for (const one of [removal, away])
      await api.catalogue.write([
        { collection: 'unit-removals', id: `default/${one.stream}`, value: { ...one, phase: 'going' } },
      ]);
    expect((await ask('POST', 'holds', WEEK)).json().under_removal).toEqual([
      { stream: 'web', day: '2026-11-03', plan: 'plan-1' },
    ]);
  });

  it.each([
    [{}, 'reason'],
    [{ reason: ' ' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ reason: 'x', start_time: 'soon' }, 'start_time'],
    [{ reason: 'x', start_time: '2026-11-02T00:00:00Z', end_time: '2026-11-02T00:00:00Z' }, 'end_time'],
    [{ reason: 'x', start_time: '2026-11-03T00:00:00Z', end_time: '2026-11-02T00:00:00Z' }, 'end_time'],
    [{ reason: 'x', stream: '../web' }, 'stream'],
    [{ reason: 'x', tenant: 'acme' }, ''],
  ])('refuse %o', async (body, path) => {
    const answer = await ask('POST', 'holds', body);
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, path]);
    expect((await ask('GET', 'holds')).json()).toEqual({ holds: [] });
  });

  it("refuse an unknown stream, another tenant's, and keys that are held to some streams", async () => {
    expect((await ask('POST', 'holds', { reason: 'x', stream: 'none' })).json().code).toBe('stream_unknown');
    const { id } = (await ask('POST', 'holds', WEEK)).json<{ readonly id: string }>();
    const other = api.access.add('other', undefined, { tenant: 'acme' });
    expect((await ask('POST', 'holds', WEEK, other)).json().code).toBe('stream_unknown');
    for (const method of ['GET', 'DELETE'] as const)
      expect((await ask(method, `holds/${id}`, undefined, other)).json().code).toBe('hold_not_found');
    expect((await ask('GET', 'holds', undefined, other)).json()).toEqual({ holds: [] });
    const held = api.access.add('held', undefined, { streams: new Set(['web']) });
    expect((await ask('POST', 'holds', WEEK, held)).json().code).toBe('forbidden');
  });
});
