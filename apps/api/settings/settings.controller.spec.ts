import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let authorization: string;
beforeEach(async () => {
  api = await startTestApi();
  authorization = api.access.add('ops', ['system']);
});
afterEach(() => api.stop());

const list = () => api.inject({ url: '/api/v1/settings', headers: { authorization } });
const patch = (payload: object, headers: Record<string, string> = {}) =>
  api.inject({ method: 'PATCH', url: '/api/v1/settings', payload, headers: { authorization, ...headers } });

interface Row {
  readonly name: string;
  readonly value: unknown;
}
const valueOf = (body: { settings: readonly Row[] }, name: string) =>
  body.settings.find((row) => row.name === name)?.value;

it('are listed with what is in force, boot ones too', async () => {
  const answer = await list();
  expect(answer.headers['etag']).toBe('"0"');
  const body = answer.json();
  expect(body).toMatchObject({ version: 0, changes: [] });
  expect(valueOf(body, 'http_port')).toBe(8080);
  expect(body.settings.find((row: Row) => row.name === 'flush_bytes')).toMatchObject({
    ...{ kind: 'run-time', value: 2 ** 25, default: 2 ** 25, source: 'default', unit: 'bytes' },
    description: expect.any(String),
  });
});

describe('a change', () => {
  it('is in force when it is answered, and says who made it', async () => {
    const answer = await patch({ log_level: 'debug', flush_bytes: '8MiB' });
    expect([answer.statusCode, answer.headers['etag']]).toEqual([200, '"1"']);
    expect(valueOf(answer.json(), 'flush_bytes')).toBe(2 ** 23);
    expect(api.settings.current).toMatchObject({ logLevel: 'debug', flushBytes: 2 ** 23 });
    const [change] = (await list()).json().changes;
    expect(change).toMatchObject({ version: 1, key_name: 'ops', patch: { flush_bytes: '8MiB' } });
    await patch({ flush_bytes: null });
    expect(api.settings.current.flushBytes).toBe(2 ** 25);
  });

  it('with mistakes changes nothing and lists them all', async () => {
    const answer = await patch({ log_level: 'loud', flush_byts: 1, http_port: 9, flush_interval_ms: 300 });
    expect(answer.json()).toMatchObject({ status: 400, code: 'settings_invalid' });
    const errors: { path: string; mend: string }[] = answer.json().errors;
    expect(errors.map(({ path }) => path).sort()).toEqual(['flush_byts', 'http_port', 'log_level']);
    expect(errors.find(({ path }) => path === 'flush_byts')?.mend).toContain('flush_bytes');
    expect(errors.find(({ path }) => path === 'http_port')?.mend).toContain('ALLUVIUM_HTTP_PORT');
    expect(api.settings.version).toBe(0);
  });

  it('of thresholds of the disk that are out of order, out of range or refuse everything at once is refused', async () => {
    const refused = async (change: object) => {
      const answer = await patch(change);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'settings_invalid']);
      return answer.json().errors.map(({ path }: { path: string }) => path);
    };
    expect(await refused({ disk_refuse_at: 70 })).toEqual(['disk_refuse_normal_at', 'disk_emergency_at']);
    expect(await refused({ disk_warn_at: 81 })).toEqual(['disk_warn_at']);
    expect(await refused({ disk_refuse_low_at: 9, disk_refuse_at: 101 })).toHaveLength(2);
    // Half of the disk is used.
    const all = {
      disk_warn_at: 50,
      disk_refuse_low_at: 50,
      disk_emergency_at: 50,
      disk_refuse_normal_at: 50,
    };
    expect(await refused({ ...all, disk_refuse_at: 50 })).toEqual(['disk_warn_at']);
    expect(await refused({ disk_reserve_bytes: '1024GiB' })).toEqual(['disk_reserve_bytes']);
    expect(api.settings.version).toBe(0);
    const at70 = { disk_refuse_low_at: 70, disk_emergency_at: 70, disk_refuse_normal_at: 70 };
    expect((await patch({ ...at70, disk_refuse_at: 70 })).statusCode).toBe(200);
    api.disk.freeBytes = 2e12 * 0.29;
    // It refuses everything by now: any change may mend that.
    expect((await patch({ disk_reserve_percent: 6 })).statusCode).toBe(200);
  });

  it('for a version that is gone is a conflict', async () => {
    expect((await patch({ log_level: 'debug' }, { 'if-match': '"0"' })).statusCode).toBe(200);
    const late = await patch({ log_level: 'warn' }, { 'if-match': '"0"' });
    expect(late.json()).toMatchObject({ status: 412, code: 'settings_conflict' });
    expect((await patch({ log_level: 'warn' }, { 'if-match': '*' })).statusCode).toBe(200);
    expect(api.settings.current.logLevel).toBe('warn');
  });

  it('that names no version is tried again where another one is faster', async () => {
    const store = api.settingsStore;
    const { write } = store;
    let others = 3;
    store.write = async (value, ifVersion, changes) => {
      if (others-- > 0) await write.call(store, { flush_interval_ms: 100 + others }, ifVersion, []);
      return write.call(store, value, ifVersion, changes);
    };
    expect((await patch({ log_level: 'debug' })).statusCode).toBe(200);
    expect(api.settings.current).toMatchObject({ logLevel: 'debug', flushIntervalMs: 100 });
  });

  it.each([
    [{}, {}, 'invalid_request'],
    [{ log_level: { deep: 1 } }, {}, 'invalid_request'],
    [{ log_level: 'debug' }, { 'if-match': 'W/"1"' }, 'invalid_request'],
  ])('such as %j with %j is refused', async (payload, headers, code) => {
    expect((await patch(payload, headers)).json()).toMatchObject({ status: 400, code });
  });
});

it('say why stored changes are not in force', async () => {
  await patch({ log_level: 'debug' });
  api.settingsStore.put({ log_level: 'loud' });
  await new Promise(setImmediate);
  expect((await list()).json().rejected).toContain('log_level');
});
