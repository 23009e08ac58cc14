import { z } from 'zod';
import { InputManager } from '../../apps/api/inputs/input-manager.js';
import { FakeInputs } from '../../apps/api/inputs/testing/fake-input.js';
import { FakeObjects } from '../../apps/api/testing/fake-objects.js';
import { startTestApi } from '../../apps/api/testing/test-api.js';
import { FakeVersions } from '../../apps/api/workbench/testing/fake-versions.js';
import { ArchivedUnits } from '#archived-units';
import { ArchiveScene, evictDays } from '#archived-units/testing';
import { createPluginRegistry } from '#plugin-host';
import { defineEnricher, defineNotifier, definePlugin } from '#plugin-kit';
import { makeManifest, makeParserPlugin } from '#plugin-kit/testing';
import regex from '../../plugins/parser-regex/index.js';

const hosts = definePlugin({
  kind: 'enricher',
  manifest: makeManifest({ name: 'enricher-hosts', kind: 'enricher' }),
  enricher: defineEnricher(z.strictObject({ password: z.string() }), () => ({
    open: async () => ({ title: 'hosts', entries: 1 }),
    enrich: (values) => values.map(() => undefined),
    close: () => {},
  })),
});

const chat = definePlugin({
  kind: 'notifier',
  manifest: makeManifest({ name: 'notifier-chat', kind: 'notifier' }),
  notifier: defineNotifier(
    z.strictObject({ url: z.string(), headers: z.record(z.string(), z.string()) }),
    () => ({
      notify: async () => {},
      close: async () => {},
    }),
  ),
});

/** The API with plugins of every kind that something can be made of. */
export async function startAuditedApi() {
  const shout = makeParserPlugin('shout', () => ({ kind: 'json' }));
  const plugins = [regex, shout, hosts, chat, new FakeInputs().plugin];
  const old = new ArchiveScene();
  await old.put();
  const api = await startTestApi({
    plugins: createPluginRegistry(plugins),
    trustedKeys: `site2=${old.key.id}`,
  });
  api.places.set('old', { storage: old.storage, objects: new FakeObjects() });
  const reads = {
    bbbbbbbb1: () => ({ kind: 'json' }) as const,
    aaaaaaaa1: () => ({ kind: 'json' }) as const,
  };
  api.catalog.versions.add(new FakeVersions('shout', reads));
  api.tier.parts = [{ day: 20261120, generation: 0, partEvents: 9, diskBytes: 1_000, forms: [] }];
  await api.app.get(InputManager).start([]);
  const archived = api.app.get(ArchivedUnits);
  const [of, day] = [{ tenant: 'acme', stream: 'web' }, 20251101];
  await evictDays(archived, of, [day]);
  await archived.trash(of, { day, generation: 0 }, { at: '2026-11-20T02:00:00.000Z', order: 'plan' });
  const newest = async () => (await api.audit.list({}, { limit: 1_000 })).entries;
  return { ...api, newest };
}
