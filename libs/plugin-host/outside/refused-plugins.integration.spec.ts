import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeManifest } from '#plugin-kit/testing';
import { messagesOf, OutsideScene } from './testing/outside-scene.js';
import { TRUST_FILE } from './trust-list.js';

let scene: OutsideScene;
beforeEach(async () => {
  scene = await OutsideScene.make();
});
afterEach(() => scene.dispose());

describe('a new version that can’t be loaded leaves the old one running', () => {
  const NEW: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    [
      'throws when it is imported',
      { 'index.ts': 'throw new Error("no such luck");' },
      /can't be imported: no such luck/,
    ],
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
    await scene.load('good', 'sound');
    await scene.folder.write('parser-good', files);
    await scene.folder.trust('parser-good').catch(() => {});
    await scene.plugins.reload();
    expect(scene.entry('parser-good')).toMatchObject({ state: 'loaded', version: '1.0.0' });
    expect(scene.problemsOf('parser-good')).toMatch(problem);
    expect(messagesOf(await scene.parse('good', 'x'))).toEqual(['v1 x']);
  });

  it('because it never ends importing', async () => {
    await scene.load('good', 'sound');
    scene.budgets.startMs = 1_000;
    await scene.folder.write('parser-good', { 'index.ts': 'for (;;);' });
    await scene.folder.trust('parser-good');
    await scene.plugins.reload();
    expect(scene.entry('parser-good')).toMatchObject({ state: 'loaded', version: '1.0.0' });
    expect(scene.problemsOf('parser-good')).toMatch(/importing it took longer than/);
    expect(messagesOf(await scene.parse('good', 'x'))).toEqual(['v1 x']);
  });

  it('because it is not trusted', async () => {
    await scene.load('good', 'sound');
    await scene.folder.writeParser('good', 'changed');
    await scene.plugins.reload();
    expect(scene.entry('parser-good')?.state).toBe('loaded');
    expect(scene.problemsOf('parser-good')).toMatch(/is not on the list/);
    expect(messagesOf(await scene.parse('good', 'x'))).toEqual(['v1 x']);
  });
});

describe('an outside plugin is not loaded', () => {
  it.each([
    ['json', /the built-in plugin parser-json has that name/],
    ['auto', /may not be named "auto"/],
  ])('that is named %s', async (name, problem) => {
    await scene.folder.writeParser(name, 'sound');
    await scene.folder.trust(`parser-${name}`);
    await scene.plugins.reload();
    expect(scene.entry(`parser-${name}`)?.state).toBe('broken');
    expect(scene.problemsOf(`parser-${name}`)).toMatch(problem);
  });

  it('that is a tier for searches', async () => {
    await scene.loadFiles('tier-own', {
      'manifest.json': JSON.stringify(makeManifest({ name: 'tier-own', kind: 'tier' })),
      'index.ts': `import { definePlugin } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
export default definePlugin({ kind: 'tier', manifest, create: () => Promise.reject(new Error('no')) });
`,
    });
    expect(scene.entry('tier-own')?.state).toBe('broken');
    expect(scene.problemsOf('tier-own')).toMatch(/it brings no tier of units -> write: .*defineUnitTier/);
  });

  it('that links out of its folder', async () => {
    const path = await scene.folder.writeParser('good', 'sound');
    await symlink('/etc/hostname', join(path, 'host'));
    await scene.plugins.reload();
    expect(scene.problemsOf('parser-good')).toMatch(/the link host leads out of the folder/);
  });

  it('where others may write the folder or the list, and what runs goes on', async () => {
    await scene.load('good', 'sound');
    for (const path of [scene.folder.path, join(scene.folder.path, TRUST_FILE)]) {
      await chmod(path, 0o777);
      await scene.plugins.reload();
      expect(scene.plugins.problems[0]).toMatchObject({
        what: expect.stringContaining('can be written by others'),
      });
      expect(scene.parsers.has('good')).toBe(true);
      await chmod(path, 0o755);
    }
    await scene.plugins.reload();
    expect(scene.plugins.problems).toEqual([]);
  });

  it('where the list is broken, or there is no folder', async () => {
    await scene.load('good', 'sound');
    await writeFile(join(scene.folder.path, TRUST_FILE), '{"parser-good":"yes"}');
    await scene.plugins.reload();
    expect(scene.plugins.problems[0]?.what).toMatch(/plugins.allow.json can't be read: .*SHA-256/);
    await scene.folder.remove();
    await scene.plugins.reload();
    expect(scene.plugins.problems).toEqual([
      {
        what: expect.stringMatching(/^the folder of the plugins can't be read: ENOENT/),
        mend: 'see that the folder is there, and that the user that the server runs as may read it',
      },
    ]);
    expect(scene.parsers.has('good')).toBe(true);
  });
});
