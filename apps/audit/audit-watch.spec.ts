import { beforeEach, describe, expect, it } from 'vitest';
import { loadSettings, RunTimeSettings } from '#app-config';
import { AuditRecord } from '#audit';
import { CatalogueError } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import type { PluginEntry } from '#plugin-host';
import { recordBootSettings } from './boot-settings.js';
import { PluginChangesAudit } from './plugin-changes.js';

let audit: AuditRecord;
let logged: string[];
beforeEach(() => {
  audit = new AuditRecord({ catalogue: new MemoryCatalogue() });
  logged = [];
});
const logger = { error: (_: unknown, text: string) => void logged.push(text) } as never;
const entries = async () => (await audit.list({}, { limit: 100 })).entries.toReversed();

describe('boot settings', () => {
  const start = (env: Record<string, string>, record = audit): Promise<void> => {
    const settings = loadSettings({ env, readText: () => '' });
    const store = { read: async () => undefined, write: async () => true, watch: () => () => {} };
    const runTime = new RunTimeSettings({ defaults: settings.runTime, store, onRejected: () => {} });
    return recordBootSettings({ audit: record, settings, runTime, logger });
  };
  const SECRET = `alv_abcd1234_${'x'.repeat(43)}`;

  it('are recorded where they are others than at the last start, without secrets', async () => {
    await start({ ALLUVIUM_HTTP_PORT: '8081', ALLUVIUM_ADMIN_KEY: SECRET });
    await start({ ALLUVIUM_HTTP_PORT: '8081', ALLUVIUM_ADMIN_KEY: SECRET });
    await start({ ALLUVIUM_HTTP_PORT: '8082' });
    expect((await entries()).map(({ action, actor, changes }) => ({ action, actor, changes }))).toEqual([
      {
        ...{ action: 'settings.start', actor: { kind: 'file' } },
        changes: [
          { field: 'ALLUVIUM_ADMIN_KEY', after: '***' },
          { field: 'ALLUVIUM_HTTP_PORT', after: 8081 },
        ],
      },
      {
        ...{ action: 'settings.start', actor: { kind: 'file' } },
        changes: [
          { field: 'ALLUVIUM_ADMIN_KEY', before: '***' },
          { field: 'ALLUVIUM_HTTP_PORT', before: 8081, after: 8082 },
        ],
      },
    ]);
    expect(JSON.stringify(await entries())).not.toContain('xxxx');
  });

  it('that can not be recorded are no reason not to start', async () => {
    class Full extends MemoryCatalogue {
      override write = () => Promise.reject(new CatalogueError('full'));
    }
    await start({ ALLUVIUM_HTTP_PORT: '8081' }, new AuditRecord({ catalogue: new Full() }));
    expect(logged).toEqual(['changed boot settings are not in the audit record yet']);
  });
});

describe('outside plugins', () => {
  const ENTRY: PluginEntry = {
    ...{ name: 'parser-shop', origin: 'outside', version: '1.0.0', sha256: 'a1', folder: '/x' },
    ...{ state: 'loaded', problems: [], restarts: 0 },
  };

  it('are recorded when they are trusted, loaded, replaced, taken out and gone, however often they are looked at', async () => {
    let changed: () => void = () => {};
    let plugins: readonly PluginEntry[] = [{ ...ENTRY, name: 'parser-json', origin: 'built-in' }, ENTRY];
    let trusted: ReadonlyMap<string, readonly string[]> = new Map([['parser-shop', ['a1']]]);
    const catalog = {
      entries: async () => plugins,
      trusted: async () => trusted,
      onChange: (listener: () => void) => (changed = listener),
    };
    const watch = new PluginChangesAudit(audit, catalog, logger);
    await watch.start();
    changed();
    await watch.look();
    plugins = [{ ...ENTRY, version: '1.1.0', sha256: 'b2' }];
    trusted = new Map([['parser-shop', ['b2', 'a1']]]);
    await watch.look();
    plugins = [{ ...ENTRY, version: '1.1.0', sha256: 'b2', state: 'suspended', restarts: 9 }];
    await watch.look();
    [plugins, trusted] = [[], new Map()];
    await watch.look();
    const told = (await entries()).map(({ action, actor, object, changes }) => [
      ...[action, actor.kind, object],
      ...changes.map(({ field, before, after }) => `${field} ${before} ${after}`),
    ]);
    expect(told).toEqual([
      ['plugin.trust', 'file', 'parser-shop', 'versions undefined ["a1"]'],
      [
        ...['plugin.change', 'appliance', 'parser-shop', 'sha256 undefined a1'],
        ...['state undefined loaded', 'version undefined 1.0.0'],
      ],
      ['plugin.trust', 'file', 'parser-shop', 'versions ["a1"] ["b2","a1"]'],
      ['plugin.change', 'appliance', 'parser-shop', 'sha256 a1 b2', 'version 1.0.0 1.1.0'],
      ['plugin.change', 'appliance', 'parser-shop', 'state loaded suspended'],
      ['plugin.trust', 'file', 'parser-shop', 'versions ["b2","a1"] undefined'],
      [
        ...['plugin.change', 'appliance', 'parser-shop', 'sha256 b2 undefined'],
        ...['state suspended undefined', 'version 1.1.0 undefined'],
      ],
    ]);
    expect(logged).toEqual([]);
  });
});
