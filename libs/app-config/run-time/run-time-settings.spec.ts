import { describe, expect, it } from 'vitest';
import { loadSettings, RunTimeSettings, SettingsError, type RunTimeStore } from '#app-config';

const { runTime: defaults } = loadSettings({
  env: { ALLUVIUM_FLUSH_INTERVAL_MS: '300' },
  readText: () => '',
});

/** One record for several processes; a write is seen by all watchers at once. */
class SharedRecord implements RunTimeStore {
  record: { version: number; value: unknown } | undefined;
  unreadable = false;
  readonly #watchers = new Set<() => void>();

  async read() {
    if (this.unreadable) throw new Error('engine is down');
    return this.record;
  }

  async write(value: unknown, ifVersion: number) {
    if ((this.record?.version ?? 0) !== ifVersion) return false;
    this.put(value);
    return true;
  }

  watch(changed: () => void) {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  put(value: unknown) {
    this.record = { version: (this.record?.version ?? 0) + 1, value };
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
    await expect(settings.update({ log_level: 'warn' }, 0)).rejects.toMatchObject({
      code: 'settings_conflict',
      retryable: true,
    });
    const { write } = store;
    store.write = (value, ifVersion) => (
      store.put({ log_level: 'error' }),
      write.call(store, value, ifVersion)
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
