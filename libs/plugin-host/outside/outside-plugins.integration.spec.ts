import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeManifest } from '#plugin-kit/testing';
import { OutsidePlugins } from './outside-plugins.js';
import { messagesOf, OutsideScene, RECEIVED } from './testing/outside-scene.js';
import { TRUST_FILE } from './trust-list.js';

let scene: OutsideScene;
beforeEach(async () => {
  scene = await OutsideScene.make();
});
afterEach(() => scene.dispose());

describe('an outside parser', () => {
  it('runs once it is trusted, from TypeScript, with the kit of the server', async () => {
    await scene.folder.writeParser('good', 'sound');
    await scene.plugins.reload();
    expect(scene.entry('parser-good')).toMatchObject({
      state: 'untrusted',
      kind: 'parser',
      version: '1.0.0',
    });
    expect(scene.problemsOf('parser-good')).toMatch(
      /SHA-256, [0-9a-f]{64}, is not .* alluvium plugin trust \/.*parser-good/,
    );
    expect(scene.parsers.has('good')).toBe(false);

    const sha256 = await scene.folder.trust('parser-good');
    await scene.plugins.reload();
    expect(scene.entry('parser-good')).toMatchObject({ state: 'loaded', sha256, problems: [], restarts: 0 });
    expect(messagesOf(await scene.parse('good', 'a', 'b\u00e4'))).toEqual(['v1 a', 'v1 b\u00e4']);
  });

  it('takes part in auto by its sniff, many lines at once', async () => {
    await scene.load('good', 'sound');
    const lines = Array.from({ length: 2_500 }, (_, n) => (n % 2 === 0 ? `good ${n}` : `other ${n}`));
    const verdicts = await scene.parse('auto', ...lines);
    expect(verdicts.map(({ parser }) => parser)).toEqual(
      lines.map((_, n) => (n % 2 === 0 ? 'good' : undefined)),
    );
    expect(messagesOf(verdicts)[2_498]).toBe('v1 good 2498');
    expect(messagesOf(verdicts)[2_499]).toBe('other 2499');
  });

  it('is replaced while a block ends with the version that it began with', async () => {
    await scene.load('good', 'sound');
    const block = scene.parsers.open('good', () => {});
    const ask = async (): Promise<unknown[]> =>
      messagesOf((await block?.([Buffer.from('x')], { receivedAt: RECEIVED })) ?? []);
    expect(await ask()).toEqual(['v1 x']);
    await scene.load('good', 'changed');
    expect(messagesOf(await scene.parse('good', 'x'))).toEqual(['v2 x']);
    expect(await ask()).toEqual(['v1 x']);
    expect(await readdir(scene.stageDirectory)).toHaveLength(2);
    block?.close?.();
    await expect.poll(() => readdir(scene.stageDirectory)).toHaveLength(1);
  });

  it('goes when its folder does, or its trust', async () => {
    await scene.load('good', 'sound');
    await writeFile(join(scene.folder.path, TRUST_FILE), '{}');
    await scene.plugins.reload();
    expect([scene.parsers.has('good'), scene.entry('parser-good')?.state]).toEqual([false, 'untrusted']);
    await scene.folder.trust('parser-good');
    await scene.plugins.reload();
    expect(scene.parsers.has('good')).toBe(true);
    await rm(join(scene.folder.path, 'parser-good'), { recursive: true });
    await scene.plugins.reload();
    expect([scene.parsers.has('good'), scene.plugins.entries()]).toEqual([false, []]);
  });
});

it('lets nobody run what was changed after it was trusted', async () => {
  await scene.load('good', 'sound');
  await scene.plugins.close();
  await scene.folder.write('parser-good', { 'node_modules/x/index.js': 'export default 1;' });
  const again = new OutsidePlugins({
    folder: scene.folder.path,
    stageDirectory: scene.stageDirectory,
    versionsDirectory: join(scene.versionsDirectory, 'none'),
    taken: new Set(),
    eventTypes: new Map(),
    changed: () => {},
    watch: { ended: () => {}, suspended: () => {} },
  });
  await again.reload();
  expect(again.entries()).toMatchObject([{ state: 'untrusted' }]);
  await again.close();
});

it('loads event types, as data only', async () => {
  const manifest = JSON.stringify(makeManifest());
  const declare = (fields: string): Record<string, string> => ({
    'manifest.json': manifest,
    'index.ts': `import { definePlugin } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
export default definePlugin({ kind: 'event-type', manifest, eventType: { name: 'order', title: 'Order', description: 'x',
  fields: ${fields}, sortBy: [], rollUps: [], example: { message: 'x' } } });`,
  });
  await scene.folder.write(
    'event-type-order',
    declare('[{ name: "state", type: "keyword", description: "x" }]'),
  );
  await scene.folder.trust('event-type-order');
  await scene.plugins.reload();
  expect(scene.entry('event-type-order')).toMatchObject({
    state: 'loaded',
    kind: 'event-type',
    problems: [],
  });
  await scene.folder.write(
    'event-type-order',
    declare('[{ name: "raw", type: "keyword", description: "x" }]'),
  );
  await scene.folder.trust('event-type-order');
  await scene.plugins.reload();
  expect(scene.problemsOf('event-type-order')).toMatch(/"raw" is the name of a column/);
});
