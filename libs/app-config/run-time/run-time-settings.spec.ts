import { describe, expect, it } from 'vitest';
import {
  loadSettings,
  RunTimeSettings,
  SettingsError,
  type RunTimeStore,
  type SettingsChange,
  type StoredSettings,
} from '#app-config';

const { runTime: defaults } = loadSettings({
  env: { ALLUVIUM_FLUSH_INTERVAL_MS: '300' },
  readText: () => '',
});

/** One record for several processes; a write is seen by all watchers at once. */
class SharedRecord implements RunTimeStore {
  record: StoredSettings | undefined;
  unreadable = false;
  readonly #watchers = new Set<() => void>();

  async read() {
    if (this.unreadable) throw new Error('engine is down');
    return this.record;
  }

  async write(value: unknown, ifVersion: number, changes: readonly SettingsChange[]) {
    if ((this.record?.version ?? 0) !== ifVersion) return false;
    this.put(value, changes);
    return true;
  }

  watch(changed: () => void) {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  put(value: unknown, changes: readonly SettingsChange[] = []) {
    this.record = { version: (this.record?.version ?? 0) + 1, value, changes };
    for (const changed of this.#watchers) changed();
  }
}

async function process(store: RunTimeStore) {
  const rejected: string[] = [];
  const settings = new RunTimeSettings({
    defaults,
    store,
    onRejected: (error) => rejected.push(error.message),
  });
  await settings.start();
  return { settings, rejected };
}

const settled = () => new Promise(setImmediate);

describe('run-time settings', () => {
  it('are what the start gave until they are changed, and take changes over a restart', async () => {
    const store = new SharedRecord();
    const { settings } = await process(store);
    expect(settings.current.flushIntervalMs).toBe(300);
    await settings.update({ flush_bytes: '8MiB' });
    const { settings: restarted } = await process(store);
    expect(restarted.current).toEqual({ ...defaults, flushBytes: 8 * 2 ** 20 });
    await restarted.update({ flush_bytes: null });
    expect(restarted.current).toEqual(defaults);
  });

  it('come into force in other processes, which are told', async () => {
    const store = new SharedRecord();
    const [one, two] = [await process(store), await process(store)];
    const seen: string[] = [];
    const stop = two.settings.onChange((values) => seen.push(values.logLevel));
    await one.settings.update({ log_level: 'debug' });
    await settled();
    expect(two.settings.current.logLevel).toBe('debug');
    stop();
    await one.settings.update({ log_level: 'warn' });
    await settled();
    expect(seen).toEqual(['debug']);
  });

  it('are not followed after stop, which may be called twice', async () => {
    const store = new SharedRecord();
    const { settings } = await process(store);
    settings.stop();
    settings.stop();
    store.put({ log_level: 'debug' });
    await settled();
    expect(settings.current.logLevel).toBe('info');
  });
});

describe('a change', () => {
  const by = { keyId: 'abcd1234', keyName: 'ops' };

  it('is remembered with who made it and what it was, the last one first', async () => {
    const store = new SharedRecord();
    const { settings } = await process(store);
    await settings.update({ log_level: 'debug' }, { by });
    await settings.update({ log_level: null, flush_bytes: '8MiB' }, { by });
    expect(settings.changes).toMatchObject([
      { version: 2, key_id: 'abcd1234', key_name: 'ops', patch: { log_level: null, flush_bytes: '8MiB' } },
      { version: 1, changed_at: expect.any(String), patch: { log_level: 'debug' } },
    ]);
    expect([...settings.changed]).toEqual(['flush_bytes']);
    const { settings: restarted } = await process(store);
    expect(restarted.changes).toHaveLength(2);
  });

  it('is forgotten behind fifty others', async () => {
    const store = new SharedRecord();
    const { settings } = await process(store);
    for (let count = 0; count < 52; count += 1)
      await settings.update({ flush_bytes: 2 ** 20 + count }, { by });
    expect(settings.changes.map(({ version }) => version)).toEqual(
      Array.from({ length: 50 }, (_, n) => 52 - n),
    );
  });

  it('of a setting that is read at start is refused with what to do, without its value', async () => {
    const { settings } = await process(new SharedRecord());
    const error = await settings.update({ admin_key: 'hunter2' }).catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('Set ALLUVIUM_ADMIN_KEY and start again.');
    expect((error as Error).message).not.toContain('hunter2');
  });
});

describe('a change that is refused', () => {
  it('lists every problem and changes nothing', async () => {
    const store = new SharedRecord();
    const { settings } = await process(store);
    const patch = {
      flush_interval_ms: -1,
      log_levle: 'debug',
      limits_line_bytes: '64MiB',
      limits_body_decoded_bytes: '1MiB',
    };
    const error = await settings.update(patch).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as SettingsError).problems.map(({ setting }) => setting).sort()).toEqual([
      'flush_interval_ms',
      'limits_line_bytes',
      'log_levle',
    ]);
    expect((error as SettingsError).message).toContain('Did you mean log_level?');
    expect(store.record).toBeUndefined();
    expect(settings.current).toEqual(defaults);
  });

  it('is a conflict where somebody else was faster', async () => {
    const store = new SharedRecord();
    const { settings } = await process(store);
    await settings.update({ log_level: 'debug' });
    await expect(settings.update({ log_level: 'warn' }, { ifVersion: 0 })).rejects.toMatchObject({
      code: 'settings_conflict',
      retryable: true,
    });
    const { write } = store;
    store.write = (value, ifVersion, changes) => (
      store.put({ log_level: 'error' }),
      write.call(store, value, ifVersion, changes)
    );
    await expect(settings.update({ flush_bytes: '1MiB' })).rejects.toMatchObject({
      code: 'settings_conflict',
    });
    expect(settings.current).toMatchObject({ logLevel: 'error', flushBytes: defaults.flushBytes });
  });
});

describe('a bad stored record', () => {
  it('leaves the last good values in force, is reported, and is mended by the next change', async () => {
    const store = new SharedRecord();
    const { settings, rejected } = await process(store);
    await settings.update({ log_level: 'debug' });
    store.put({ log_level: 'loud' });
    await settled();
    expect(settings.current.logLevel).toBe('debug');
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toContain('log_level (stored record): given "loud"');
    expect(settings.rejected).toBeDefined();
    await settings.update({ flush_bytes: '1MiB' });
    expect(settings.rejected).toBeUndefined();
    expect(settings.current).toMatchObject({ logLevel: 'debug', flushBytes: 2 ** 20 });
  });

  it.each([['text'], [[1]], [null]])('such as %j does not stop the start', async (value) => {
    const store = new SharedRecord();
    store.put(value);
    const { settings, rejected } = await process(store);
    expect(settings.current).toEqual(defaults);
    expect(rejected).toHaveLength(1);
  });

  it('or one that cannot be read leaves the values as they were', async () => {
    const store = new SharedRecord();
    const { settings } = await process(store);
    await settings.update({ log_level: 'debug' });
    store.unreadable = true;
    store.put({});
    await settled();
    expect(settings.current.logLevel).toBe('debug');
    expect(settings.rejected).toMatchObject({ code: 'settings_unreadable', retryable: true });
  });
});
