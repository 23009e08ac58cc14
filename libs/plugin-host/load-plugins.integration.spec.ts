import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlugins, PluginLoadError } from '#plugin-host';
import { definePlugin } from '#plugin-kit';
import { makeEventType, makeManifest } from '#plugin-kit/testing';

let root: string;
let exports: Map<string, unknown>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'alluvium-plugins-'));
  exports = new Map();
});
afterEach(async () => rm(root, { recursive: true }));

describe('the plugin host', () => {
  it('loads every plugin in the folder and sorts them by kind', async () => {
    await addEventType('event-type-order');
    await addTier('tier-memory');
    await mkdir(join(root, '.cache'));
    await writeFile(join(root, 'README.md'), '');

    const registry = await load();

    expect([...registry.eventTypes.keys()]).toEqual(['order']);
    expect(registry.eventTypes.get('order')?.title).toBe('Order');
    expect(registry.tiers.map(({ manifest }) => manifest.name)).toEqual(['tier-memory']);
    expect(registry.manifests.map(({ name }) => name)).toEqual(['event-type-order', 'tier-memory']);
  });

  it('reads the samples of parsers, some lines of each text', async () => {
    const { samples } = await loadPlugins(new URL('../../plugins/', import.meta.url));
    const syslog = samples.get('parser-syslog') ?? [];
    expect(syslog.map(({ name }) => name)).toEqual(['devices', 'rfc3164', 'rfc5424']);
    expect(syslog[1]?.lines[0]).toMatch(/^<34>Oct 11/);
    expect(samples.get('event-type-log')).toEqual([]);
  });

  it('takes the folder as a URL too', async () => {
    await addEventType('event-type-order');
    const registry = await loadPlugins(pathToFileURL(`${root}/`), importFake);
    expect(registry.manifests).toHaveLength(1);
  });

  it('lists the problems of all plugins at once, each with its folder', async () => {
    await addEventType('event-type-order');
    await addEventType('event-type-other', { apiVersion: 7 });
    await add('tier-half', { 'manifest.json': JSON.stringify(tierManifest('tier-half')) });

    const { problems, message, code } = await failure();

    expect(problems.map(({ folder }) => basename(folder))).toEqual(['event-type-other', 'tier-half']);
    expect(message).toMatch(
      /event-type-other: "apiVersion".*\n.*tier-half: there is no index.ts. To mend it: /,
    );
    expect(code).toBe('plugin_invalid');
  });

  it('says of a missing folder how to mend it', async () => {
    await expect(loadPlugins(join(root, 'absent'))).rejects.toThrow(
      /absent: .*ENOENT.* To mend it: build again/,
    );
  });
});

describe('a plugin is refused', () => {
  it('that has no manifest, or one that is no JSON', async () => {
    await add('tier-a', {});
    await add('tier-b', { 'manifest.json': '{' });
    expect(await whats()).toEqual([
      'there is no manifest.json',
      expect.stringMatching(/^manifest.json is no JSON: /),
    ]);
  });

  it('before its code runs, where the manifest is wrong', async () => {
    await addEventType('event-type-order', { name: 'event-type-orders' });
    exports.clear();
    expect(await whats()).toEqual([expect.stringContaining('its folder is "event-type-order"')]);
  });

  it('whose code throws', async () => {
    await addEventType('event-type-order');
    exports.clear();
    expect(await whats()).toEqual(["index.js can't be imported: nothing exported by event-type-order"]);
  });

  it.each([{}, { default: { kind: 'event-type' } }, undefined])(
    'whose default export is not from definePlugin (%#)',
    async (module) => {
      await addEventType('event-type-order');
      exports.set('event-type-order', module);
      expect(await whats()).toEqual([expect.stringContaining('not made by definePlugin')]);
    },
  );

  it('whose code carries another manifest', async () => {
    await addEventType('event-type-order');
    const manifest = makeManifest({ version: '2.0.0' });
    exports.set('event-type-order', eventTypeModule(manifest));
    expect(await whats()).toEqual(['index.ts has another manifest than manifest.json']);
  });

  it('that is of another kind than its manifest says', async () => {
    await addEventType('event-type-order');
    const plugin = definePlugin({ kind: 'tier', manifest: makeManifest(), create: notCreated });
    exports.set('event-type-order', { default: plugin });
    expect(await whats()).toEqual([
      expect.stringContaining('of kind "tier", manifest.json says "event-type"'),
    ]);
  });

  it('whose event type is wrong, with every problem', async () => {
    await addEventType('event-type-order');
    const eventType = makeEventType({ sortBy: ['nope'], example: { level: 5 } });
    exports.set('event-type-order', eventTypeModule(makeManifest(), eventType));
    expect(await whats()).toEqual([
      expect.stringContaining('eventType.sortBy: "nope"'),
      expect.stringContaining('eventType.example: "level"'),
    ]);
  });
});

async function load(): ReturnType<typeof loadPlugins> {
  return loadPlugins(root, importFake);
}

/** Stands in for the code of the temporary plugins, which can't import the kit from where they are. */
async function importFake(url: string): Promise<unknown> {
  const name = basename(dirname(fileURLToPath(url)));
  if (!exports.has(name)) throw new Error(`nothing exported by ${name}`);
  return exports.get(name);
}

async function failure(): Promise<PluginLoadError> {
  const outcome: unknown = await load().catch((error: unknown) => error);
  if (outcome instanceof PluginLoadError) return outcome;
  throw new Error('the plugins were loaded');
}

async function whats(): Promise<readonly string[]> {
  return (await failure()).problems.map(({ what }) => what);
}

async function add(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(root, name));
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, name, file), text);
}

async function addEventType(
  folder: string,
  overrides: Parameters<typeof makeManifest>[0] = {},
): Promise<void> {
  const manifest = makeManifest({ name: folder, ...overrides });
  await add(folder, { 'manifest.json': JSON.stringify(manifest), 'index.js': '' });
  exports.set(folder, eventTypeModule(manifest));
}

async function addTier(folder: string): Promise<void> {
  const manifest = tierManifest(folder);
  await add(folder, { 'manifest.json': JSON.stringify(manifest), 'index.js': '' });
  exports.set(folder, { default: definePlugin({ kind: 'tier', manifest, create: notCreated }) });
}

function eventTypeModule(manifest: unknown, eventType = makeEventType()): unknown {
  return { default: definePlugin({ kind: 'event-type', manifest, eventType }) };
}

function tierManifest(name: string): ReturnType<typeof makeManifest> {
  return makeManifest({ name, kind: 'tier' });
}

async function notCreated(): Promise<never> {
  throw new Error('a tier is not created by loading it');
}
