import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Notifiers } from '#notification';
import { createPluginRegistry } from '#plugin-host';
import { defineNotifier, definePlugin, NotifyError, type Notification } from '#plugin-kit';
import { makeManifest } from '#plugin-kit/testing';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { ConditionWatch } from './condition-watch.js';

let told: Notification[];
let failure: NotifyError | Error | undefined;

const memory = definePlugin({
  kind: 'notifier',
  manifest: makeManifest({ name: 'notifier-memory', kind: 'notifier', title: 'Memory' }),
  notifier: defineNotifier(z.strictObject({ to: z.string().describe('Whom.') }), () => ({
    notify: async (notification) => {
      if (failure) throw failure;
      told.push(notification);
    },
    close: async () => {},
  })),
});
const WISH = { kind: 'memory', options: { to: 'me' } };

let api: TestApi;
let key: string;

beforeEach(async () => {
  [told, failure] = [[], undefined];
  api = await startTestApi({ plugins: createPluginRegistry([memory]) });
  key = api.access.add('system', ['system']);
});
afterEach(() => api.stop());

const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) => {
  const url = `/api/v1/notifiers${path}`;
  const answer = await api.inject({
    method,
    url,
    headers: { authorization: key },
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
};

describe('notifiers', () => {
  it('are made, listed, changed and taken away', async () => {
    const made = await ask('PUT', '/team', WISH);
    const shown = {
      ...{ name: 'team', ...WISH, severity: 'warning' },
      counters: { sent: 0, failed: 0, left_out: 0, waiting: 0 },
      ...{ created_at: expect.any(String), updated_at: expect.any(String) },
    };
    expect([made.status, made.body]).toEqual([200, shown]);
    expect((await ask('GET', '/team')).body).toEqual(shown);
    const { body } = await ask('GET', '');
    expect([body.notifiers, body.alarms]).toEqual([[shown], []]);
    expect(body.kinds).toMatchObject([
      { kind: 'memory', title: 'Memory', options_schema: { required: ['to'] } },
    ]);
    const changed = await ask('PUT', '/team', { ...WISH, severity: 'critical' });
    expect(changed.body).toMatchObject({ severity: 'critical', created_at: made.body.created_at });
    expect((await ask('DELETE', '/team')).body).toMatchObject({ name: 'team' });
    for (const [method, path] of [
      ['GET', '/team'],
      ['DELETE', '/team'],
      ['POST', '/team/test'],
    ] as const)
      expect((await ask(method, path)).body).toMatchObject({ status: 404, code: 'notifier_not_found' });
  });

  it.each([
    ['/UPPER', WISH, 'notifier_name_invalid'],
    ['/x', { ...WISH, kind: 'pigeon' }, 'notifier_kind_unknown'],
    ['/x', { ...WISH, options: {} }, 'invalid_request'],
    ['/x', { ...WISH, severity: 'loud' }, 'invalid_request'],
    ['/x', { ...WISH, more: 1 }, 'invalid_request'],
  ])('are refused as PUT %s %j', async (path, payload, code) => {
    expect((await ask('PUT', path, payload)).body).toMatchObject({ status: 400, code });
  });

  it('are twenty at most', async () => {
    for (let n = 0; n < 20; n += 1) await ask('PUT', `/n${n}`, WISH);
    expect((await ask('PUT', '/more', WISH)).body).toMatchObject({ status: 409, code: 'too_many_notifiers' });
  });

  it('are kept over a restart', async () => {
    await ask('PUT', '/team', WISH);
    const again = new Notifiers({
      catalogue: api.catalogue,
      plugins: new Map(),
      context: { mayReach: () => true, readSecret: async () => '' },
      now: () => 0,
      failed: () => {},
    });
    await again.start();
    expect(again.list().map(({ record }) => record.name)).toEqual(['team']);
    await expect(again.test('team')).rejects.toMatchObject({ message: expect.stringContaining('memory') });
  });
});

describe('a test', () => {
  it('says that it was delivered', async () => {
    await ask('PUT', '/team', { ...WISH, severity: 'critical' });
    expect((await ask('POST', '/team/test')).body).toEqual({ delivered: true });
    expect(told).toMatchObject([{ status: 'test', severity: 'info', facts: { notifier: 'team' } }]);
  });

  it.each([
    [new NotifyError('It answered 500.', { retryable: true, mend: 'Look.' }), 'It answered 500.', 'Look.'],
    [new Error('secret'), 'The notifier failed.', undefined],
  ])('says why it was not: %s', async (error, message, mend) => {
    await ask('PUT', '/team', WISH);
    failure = error;
    const expected = { delivered: false, message, ...(mend !== undefined && { mend }) };
    expect((await ask('POST', '/team/test')).body).toEqual(expected);
    expect((await ask('GET', '/team')).body.last_error).toMatchObject({ message });
  });
});

describe('what is wrong', () => {
  it('is told once, shown while it lasts, and not to those who want worse only', async () => {
    const watch = api.app.get(ConditionWatch);
    const notifiers = api.app.get(Notifiers);
    await ask('PUT', '/team', WISH);
    api.disk.freeBytes = 5e8;
    for (let n = 0; n < 3; n += 1) await watch.look();
    await notifiers.idle();
    expect(told).toMatchObject([{ status: 'raised', key: 'disk_reserve', severity: 'critical' }]);
    const { body } = await ask('GET', '');
    expect(body.alarms).toMatchObject([
      { key: 'disk_reserve', facts: { free_bytes: 5e8 }, since: expect.any(String) },
    ]);
    expect(body.notifiers[0].counters.sent).toBe(1);
  });
});
