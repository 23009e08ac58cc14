import { appendFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messagesOf, OutsideScene, RECEIVED } from './testing/outside-scene.js';
import { TRUST_FILE } from './trust-list.js';
import { versionsOf } from './outside-versions.js';

const NAME = 'parser-good';

let scene: OutsideScene;
beforeEach(async () => {
  scene = await OutsideScene.make();
});
afterEach(() => scene.dispose());

const idOf = async (at: number): Promise<string> => (await scene.plugins.versions(NAME))?.[at]?.id ?? '';
const now = async (): Promise<unknown> => messagesOf(await scene.parse('good', 'x'))[0];

/** Version 1, then version 2 in its place. */
async function loadBoth(): Promise<{ readonly first: string; readonly second: string }> {
  await scene.load('good', 'sound');
  await scene.load('good', 'changed');
  return { first: await idOf(1), second: await idOf(0) };
}

describe('the versions of an outside parser', () => {
  it('are kept when they are loaded, the newest one active', async () => {
    const { first, second } = await loadBoth();
    expect(await scene.plugins.versions(NAME)).toMatchObject([
      { id: second, version: '1.0.0', isActive: true, isHeld: false, isBefore: false, isTrusted: true },
      { id: first, version: '1.0.0', isActive: false, isBefore: true, isTrusted: true },
    ]);
    expect(await scene.plugins.versions('parser-none')).toBeUndefined();
    expect(await now()).toBe('v2 x');
  });

  it('are five at most, and the active one and the one before are among them', async () => {
    await loadBoth();
    await scene.plugins.activate(NAME, await idOf(1), true);
    for (let n = 0; n < 6; n += 1) {
      await scene.folder.write(NAME, { [`note-${n}.txt`]: 'x' });
      await scene.folder.trust(NAME);
      await scene.plugins.reload();
    }
    const all = (await scene.plugins.versions(NAME)) ?? [];
    expect(all).toHaveLength(5);
    expect(all.filter(({ isActive, isBefore }) => isActive || isBefore)).toHaveLength(2);
    expect(await readdir(join(scene.versionsDirectory, NAME))).toHaveLength(6);
  });

  it('change at once, while a block ends with the one that it began with', async () => {
    const { first } = await loadBoth();
    const block = scene.parsers.open('good', () => {});
    const ask = async (): Promise<unknown[]> =>
      messagesOf((await block?.([Buffer.from('x')], { receivedAt: RECEIVED })) ?? []);
    expect(await ask()).toEqual(['v2 x']);
    expect(await scene.plugins.activate(NAME, first, true)).toEqual([]);
    expect([await now(), await ask()]).toEqual(['v1 x', ['v2 x']]);
    block?.close?.();
  });

  it('that are held stay through a reload, a new version and a restart', async () => {
    const { first } = await loadBoth();
    await scene.plugins.activate(NAME, first, true);
    await scene.plugins.reload();
    expect(await now()).toBe('v1 x');
    await scene.folder.write(NAME, { 'note.txt': 'a third version' });
    await scene.folder.trust(NAME);
    await scene.restart();
    expect(await now()).toBe('v1 x');
    expect(await scene.plugins.versions(NAME)).toMatchObject([
      { isActive: false },
      {},
      { id: first, isHeld: true },
    ]);
    await scene.plugins.activate(NAME, first, false);
    await scene.plugins.reload();
    expect(await now()).toBe('v2 x');
  });

  it('are rolled back to whatever lies in the folder now', async () => {
    const { first, second } = await loadBoth();
    await appendFile(join(scene.folder.path, NAME, 'parse.ts'), '\nthrow new Error("half written");\n');
    expect(await scene.plugins.activate(NAME, first, true)).toEqual([]);
    expect(await now()).toBe('v1 x');
    await scene.restart();
    expect(await now()).toBe('v1 x');
    expect(await scene.plugins.activate(NAME, second, true)).toEqual([]);
    expect(await now()).toBe('v2 x');
  });

  it('work on after a restart where the folder was changed and not trusted', async () => {
    await scene.load('good', 'sound');
    await scene.folder.writeParser('good', 'changed');
    await scene.restart();
    expect(await now()).toBe('v1 x');
    expect(scene.entry(NAME)).toMatchObject({ state: 'loaded' });
    expect(scene.problemsOf(NAME)).toMatch(/is not on the list/);
  });

  it('run only while they are trusted (S17)', async () => {
    const { first, second } = await loadBoth();
    await writeFile(join(scene.folder.path, TRUST_FILE), JSON.stringify({ [NAME]: second }));
    const [problem] = await scene.plugins.activate(NAME, first, true);
    expect(problem?.what).toContain(`${first}, is not on the list`);
    expect((await scene.plugins.openVersion(NAME, first, () => {})).problems?.[0]?.what).toContain('list');
    expect(await now()).toBe('v2 x');
    expect((await scene.plugins.versions(NAME))?.[1]).toMatchObject({ id: first, isTrusted: false });
  });

  it('run only where their kept files are what they were', async () => {
    const { first } = await loadBoth();
    await appendFile(join(scene.versionsDirectory, NAME, first, 'parse.ts'), '\n// changed\n');
    expect((await scene.plugins.activate(NAME, first, true))[0]?.what).toMatch(/changed/);
    await rm(join(scene.versionsDirectory, NAME, first), { recursive: true });
    expect((await scene.plugins.activate(NAME, first, true))[0]?.what).toMatch(/not kept any more/);
    expect(await now()).toBe('v2 x');
    await scene.restart();
    expect(await now()).toBe('v2 x');
  });

  it('that can’t start leave the active one at work', async () => {
    await scene.load('good', 'sound');
    await scene.plugins.activate(NAME, await idOf(0), true);
    await scene.folder.write(NAME, {
      'parse.ts': 'throw new Error("never");\nexport const parse = 1, sniff = 1;\n',
    });
    await scene.folder.trust(NAME);
    await scene.plugins.reload();
    const [newest] = (await scene.plugins.versions(NAME)) ?? [];
    expect(newest).toMatchObject({ isActive: false, isTrusted: true });
    expect((await scene.plugins.activate(NAME, newest?.id ?? '', true))[0]?.what).toMatch(/never/);
    expect(await now()).toBe('v1 x');
    await scene.restart();
    expect(await now()).toBe('v1 x');
  });

  it('are tried apart from the active one', async () => {
    const { first } = await loadBoth();
    const opened = await versionsOf(scene.plugins).open('good', first, () => {});
    if (opened.problems) throw new Error(JSON.stringify(opened.problems));
    const { parse } = opened.value;
    const verdicts = await parse([Buffer.from('x')], { receivedAt: RECEIVED });
    expect([messagesOf(verdicts), await now()]).toEqual([['v1 x'], 'v2 x']);
    expect(await readdir(scene.stageDirectory)).toHaveLength(2);
    parse.close?.();
    await expect.poll(() => readdir(scene.stageDirectory)).toHaveLength(1);
  });
});

it('remembers nothing where its record is damaged', async () => {
  await scene.load('good', 'sound');
  await writeFile(join(scene.versionsDirectory, NAME, 'versions.json'), '{"active":7}');
  await scene.restart();
  expect(await now()).toBe('v1 x');
  expect(await scene.plugins.versions(NAME)).toHaveLength(1);
});

it('says where a version can’t be kept, and lets it work', async () => {
  await writeFile(join(scene.versionsDirectory, NAME), 'a file in the way');
  await scene.load('good', 'sound');
  expect(await now()).toBe('v1 x');
  expect(scene.problemsOf(NAME)).toMatch(/can't be kept/);
});
