import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParserRegistry, type ParserFailure, type Verdict } from '#plugin-host';
import type { PluginEntry } from './plugin-entry.js';
import { makeManifest } from '#plugin-kit/testing';
import { OutsidePlugins } from './outside-plugins.js';
import { PLUGIN_BUDGETS } from './plugin-process.js';
import { type BEHAVIOURS, PluginsFolder } from './testing/plugin-folder.js';
import { TRUST_FILE } from './trust-list.js';

const RECEIVED = 1_795_239_970_000_000_000n;
const REFUSED = { kind: 'refused', reason: 'parser:bad' };

let folder: PluginsFolder;
let stageDirectory: string;
let plugins: OutsidePlugins;
let parsers: ParserRegistry;
let ends: string[];
const failures: ParserFailure[] = [];

beforeEach(async () => {
  folder = await PluginsFolder.make();
  stageDirectory = await mkdtemp(join(tmpdir(), 'alluvium-stage-'));
  parsers = new ParserRegistry([]);
  ends = [];
  failures.length = 0;
  plugins = new OutsidePlugins({
    folder: folder.path,
    stageDirectory,
    taken: new Set(['parser-json']),
    eventTypes: new Map(),
    budgets: { ...PLUGIN_BUDGETS, callMs: 500 },
    changed: (running) => parsers.setOutside(running.flatMap(({ parser }) => parser ?? [])),
    watch: {
      ended: (plugin, why) => void ends.push(`${plugin}: ${why}`),
      suspended: (plugin, why) => void ends.push(`${plugin} suspended: ${why}`),
    },
  });
});
afterEach(async () => {
  await plugins.close();
  await folder.remove();
  await rm(stageDirectory, { recursive: true, force: true });
});

async function parse(name: string, ...lines: string[]): Promise<readonly Verdict[]> {
  const open = parsers.open(name, (failure) => void failures.push(failure));
  if (!open) throw new Error(`there is no parser ${name}`);
  const verdicts = await open(
    lines.map((line) => Buffer.from(line)),
    { receivedAt: RECEIVED },
  );
  open.close?.();
  return verdicts;
}

const messages = (verdicts: readonly Verdict[]): unknown[] =>
  verdicts.map(({ parsed }) => (parsed.kind === 'event' ? parsed.event['message'] : parsed.kind));
const entry = (name: string): PluginEntry | undefined => plugins.entries().find((one) => one.name === name);
const problemsOf = (name: string): string =>
  (entry(name)?.problems ?? []).map(({ what, mend }) => `${what} -> ${mend}`).join('\n');

async function load(name: string, behaviour: keyof typeof BEHAVIOURS): Promise<void> {
  await folder.writeParser(name, behaviour);
  await folder.trust(`parser-${name}`);
  await plugins.reload();
}

describe('an outside parser', () => {
  it('runs once it is trusted, from TypeScript, with the kit of the server', async () => {
    await folder.writeParser('good', 'sound');
    await plugins.reload();
    expect(entry('parser-good')).toMatchObject({ state: 'untrusted', kind: 'parser', version: '1.0.0' });
    expect(problemsOf('parser-good')).toMatch(
      /SHA-256, [0-9a-f]{64}, is not .* alluvium plugin trust \/.*parser-good/,
    );
    expect(parsers.has('good')).toBe(false);

    const sha256 = await folder.trust('parser-good');
    await plugins.reload();
    expect(entry('parser-good')).toMatchObject({ state: 'loaded', sha256, problems: [], restarts: 0 });
    expect(messages(await parse('good', 'a', 'b\u00e4'))).toEqual(['v1 a', 'v1 b\u00e4']);
  });

  it('takes part in auto by its sniff, many lines at once', async () => {
    await load('good', 'sound');
    const lines = Array.from({ length: 2_500 }, (_, n) => (n % 2 === 0 ? `good ${n}` : `other ${n}`));
    const verdicts = await parse('auto', ...lines);
    expect(verdicts.map(({ parser }) => parser)).toEqual(
      lines.map((_, n) => (n % 2 === 0 ? 'good' : undefined)),
    );
    expect(messages(verdicts)[2_498]).toBe('v1 good 2498');
    expect(messages(verdicts)[2_499]).toBe('other 2499');
  });

  it('is replaced while a block ends with the version that it began with', async () => {
    await load('good', 'sound');
    const block = parsers.open('good', () => {});
    const ask = async (): Promise<unknown[]> =>
      messages((await block?.([Buffer.from('x')], { receivedAt: RECEIVED })) ?? []);
    expect(await ask()).toEqual(['v1 x']);
    await load('good', 'changed');
    expect(messages(await parse('good', 'x'))).toEqual(['v2 x']);
    expect(await ask()).toEqual(['v1 x']);
    expect(await readdir(stageDirectory)).toHaveLength(2);
    block?.close?.();
    await expect.poll(() => readdir(stageDirectory)).toHaveLength(1);
  });

  it('goes when its folder does, or its trust', async () => {
    await load('good', 'sound');
    await writeFile(join(folder.path, TRUST_FILE), '{}');
    await plugins.reload();
    expect([parsers.has('good'), entry('parser-good')?.state]).toEqual([false, 'untrusted']);
    await folder.trust('parser-good');
    await plugins.reload();
    expect(parsers.has('good')).toBe(true);
    await rm(join(folder.path, 'parser-good'), { recursive: true });
    await plugins.reload();
    expect([parsers.has('good'), plugins.entries()]).toEqual([false, []]);
  });
});

describe('a new version that can’t be loaded leaves the old one running', () => {
  const NEW: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    [
      'throws when it is imported',
      { 'index.ts': 'throw new Error("no such luck");' },
      /can't be imported: no such luck/,
    ],
    ['never ends importing', { 'index.ts': 'for (;;);' }, /importing it took longer than/],
    ['is no TypeScript', { 'parse.ts': 'const = 1;' }, /parse.ts:1: .* -> mend the line/],
    ['uses an enum', { 'parse.ts': 'enum A { b }' }, /parse.ts:1: TypeScript enum is not supported/],
    [
      'imports what is not installed',
      { 'parse.ts': 'import "left-pad";' },
      /"left-pad", which is not installed.*npm install/,
    ],
    ['imports out of its folder', { 'parse.ts': 'import "../../x.ts";' }, /out of its folder/],
    ['imports no file', { 'parse.ts': 'import "./absent.ts";' }, /no such file/],
    ['is no plugin', { 'index.ts': 'export default 1;' }, /not made by definePlugin/],
    [
      'reads files',
      { 'index.ts': 'import fs from "node:fs"; fs.readFileSync("/etc/hostname");' },
      /may read nothing but its own files/,
    ],
    ['has a bad manifest', { 'manifest.json': '{' }, /manifest.json is no JSON/],
    [
      'has another API version',
      {
        'manifest.json': JSON.stringify(makeManifest({ name: 'parser-good', kind: 'parser', apiVersion: 9 })),
      },
      /this server speaks 1/,
    ],
    ['has a package.json without modules', { 'package.json': '{}' }, /"type": "module"/],
  ];

  it.each(NEW)('because it %s', async (_why, files, problem) => {
    await load('good', 'sound');
    await folder.write('parser-good', files);
    await folder.trust('parser-good').catch(() => {});
    await plugins.reload();
    expect(entry('parser-good')).toMatchObject({ state: 'loaded', version: '1.0.0' });
    expect(problemsOf('parser-good')).toMatch(problem);
    expect(messages(await parse('good', 'x'))).toEqual(['v1 x']);
  });

  it('because it is not trusted', async () => {
    await load('good', 'sound');
    await folder.writeParser('good', 'changed');
    await plugins.reload();
    expect(entry('parser-good')?.state).toBe('loaded');
    expect(problemsOf('parser-good')).toMatch(/is not on the list/);
    expect(messages(await parse('good', 'x'))).toEqual(['v1 x']);
  });
});

describe('an outside plugin is not loaded', () => {
  it.each([
    ['json', /the built-in plugin parser-json has that name/],
    ['auto', /may not be named "auto"/],
  ])('that is named %s', async (name, problem) => {
    await folder.writeParser(name, 'sound');
    await folder.trust(`parser-${name}`);
    await plugins.reload();
    expect(entry(`parser-${name}`)?.state).toBe('broken');
    expect(problemsOf(`parser-${name}`)).toMatch(problem);
  });

  it('that is a tier', async () => {
    const manifest = JSON.stringify(makeManifest({ name: 'tier-own', kind: 'tier' }));
    await folder.write('tier-own', { 'manifest.json': manifest });
    await plugins.reload();
    expect(problemsOf('tier-own')).toMatch(
      /kind "tier" can't be loaded from outside yet, only parser and event-type/,
    );
  });

  it('that links out of its folder', async () => {
    const path = await folder.writeParser('good', 'sound');
    await symlink('/etc/hostname', join(path, 'host'));
    await plugins.reload();
    expect(problemsOf('parser-good')).toMatch(/the link host leads out of the folder/);
  });

  it('where others may write the folder or the list, and what runs goes on', async () => {
    await load('good', 'sound');
    for (const path of [folder.path, join(folder.path, TRUST_FILE)]) {
      await chmod(path, 0o777);
      await plugins.reload();
      expect(plugins.problems[0]).toMatchObject({
        what: expect.stringContaining('can be written by others'),
      });
      expect(parsers.has('good')).toBe(true);
      await chmod(path, 0o755);
    }
    await plugins.reload();
    expect(plugins.problems).toEqual([]);
  });

  it('where the list is broken, or there is no folder', async () => {
    await load('good', 'sound');
    await writeFile(join(folder.path, TRUST_FILE), '{"parser-good":"yes"}');
    await plugins.reload();
    expect(plugins.problems[0]?.what).toMatch(/plugins.allow.json can't be read: .*SHA-256/);
    await folder.remove();
    await plugins.reload();
    expect(plugins.problems[0]?.what).toMatch(/ENOENT/);
    expect(parsers.has('good')).toBe(true);
  });
});

describe('an outside parser that', () => {
  it('throws has its lines refused, and goes on', async () => {
    await load('bad', 'throws');
    expect((await parse('bad', 'x', 'y')).map(({ parsed }) => parsed)).toMatchObject([REFUSED, REFUSED]);
    expect(failures).toMatchObject([{ parser: 'bad', lines: 2, error: { message: 'oh, that line' } }]);
    expect(entry('parser-bad')?.state).toBe('loaded');
    for (let n = 0; n < 20; n += 1) await parse('bad', 'x');
    expect(entry('parser-bad')?.state).toBe('suspended');
  });

  it('loops is ended and started again, and is taken out where it does so again and again', async () => {
    await load('bad', 'loops');
    const began = performance.now();
    for (let n = 0; n < 3; n += 1) {
      expect((await parse('bad', 'loop'))[0]?.parsed).toMatchObject(REFUSED);
      if (n < 2) expect((await parse('bad', '{}'))[0]?.parsed).toEqual({ kind: 'json' });
    }
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(ends).toHaveLength(4);
    expect(ends[0]).toBe('parser-bad: answering took longer than 500 ms');
    expect(entry('parser-bad')).toMatchObject({ state: 'suspended', restarts: 2 });
    const at = performance.now();
    expect((await parse('bad', '{}'))[0]?.parsed).toMatchObject(REFUSED);
    expect(performance.now() - at).toBeLessThan(50);
    expect((await parse('auto', 'bad'))[0]?.parser).toBeUndefined();

    await plugins.reload();
    expect((await parse('bad', '{}'))[0]?.parsed).toEqual({ kind: 'json' });
    expect(entry('parser-bad')?.state).toBe('loaded');
  });

  it.each(['leaks', 'allocates', 'buffers', 'exits'] as const)('%s ends alone', async (behaviour) => {
    await load('bad', behaviour);
    await load('good', 'sound');
    const began = performance.now();
    expect((await parse('bad', 'x'))[0]?.parsed).toMatchObject(REFUSED);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(messages(await parse('good', 'x'))).toEqual(['v1 x']);
    expect(ends[0]).toMatch(/parser-bad: it took|answering took longer|ended with the code 3/);
  });
});

it('lets nobody run what was changed after it was trusted', async () => {
  await load('good', 'sound');
  await plugins.close();
  await folder.write('parser-good', { 'node_modules/x/index.js': 'export default 1;' });
  const again = new OutsidePlugins({
    folder: folder.path,
    stageDirectory,
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
  await folder.write('event-type-order', declare('[{ name: "state", type: "keyword", description: "x" }]'));
  await folder.trust('event-type-order');
  await plugins.reload();
  expect(entry('event-type-order')).toMatchObject({ state: 'loaded', kind: 'event-type', problems: [] });
  await folder.write('event-type-order', declare('[{ name: "raw", type: "keyword", description: "x" }]'));
  await folder.trust('event-type-order');
  await plugins.reload();
  expect(problemsOf('event-type-order')).toMatch(/"raw" is the name of a column/);
});
