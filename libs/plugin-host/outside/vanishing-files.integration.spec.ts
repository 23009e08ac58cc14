import { access, constants, rm, writeFile } from 'node:fs/promises';
import type * as Files from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messagesOf, OutsideScene } from './testing/outside-scene.js';
import { copyTree } from './tree.js';

/** What happens between the reading of a folder's names and of what they name. */
const meanwhile = vi.hoisted(() => ({ listed: async (_path: string): Promise<void> => {} }));

vi.mock('node:fs/promises', async (original) => {
  const files = await original<typeof Files>();
  const readdir = async (path: string, ...options: readonly []): Promise<unknown> => {
    const found = await files.readdir(path, ...options);
    await meanwhile.listed(path);
    return found;
  };
  return { ...files, readdir };
});

let scene: OutsideScene;
const at = (...parts: readonly string[]): string => join(scene.folder.path, ...parts);
beforeEach(async () => {
  scene = await OutsideScene.make();
  await scene.load('good', 'sound');
  await scene.load('other', 'sound');
});
afterEach(async () => {
  meanwhile.listed = async () => {};
  await scene.dispose();
});

/** Removes a path as soon as the names in a folder were read so many times: first by the look, then to hash its files. */
function vanishes(path: string, folder: string, times = 1): void {
  let left = times;
  meanwhile.listed = async (listed) => {
    if (listed !== folder) return;
    left -= 1;
    if (left === 0) await rm(path, { recursive: true, force: true });
  };
}

/** Everything is as if nobody had looked, but for what is said of one plugin. */
async function expectOneBroken(problem: RegExp): Promise<void> {
  expect(scene.plugins.problems).toEqual([]);
  expect(scene.problemsOf('parser-good')).toMatch(problem);
  expect(scene.problemsOf('parser-other')).toBe('');
  expect(messagesOf(await scene.parse('good', 'x'))).toEqual(['v1 x']);
  expect(messagesOf(await scene.parse('other', 'x'))).toEqual(['v1 x']);
}

describe('while the folder is looked at', () => {
  it.each([
    ['passing.txt', /its files can't be read: ENOENT.*removed while it was read/],
    ['manifest.json', /manifest.json can't be read: ENOENT.*removed while it was read/],
  ])('%s of a plugin may be removed, which is told of that plugin alone', async (file, problem) => {
    const path = at('parser-good', file);
    if (file === 'passing.txt') await writeFile(path, 'a');
    vanishes(path, at('parser-good'), file === 'passing.txt' ? 2 : 1);
    await scene.plugins.reload();
    await expectOneBroken(problem);
  });

  it('a folder may be unreadable, which is told of that plugin alone', async () => {
    meanwhile.listed = async (listed) => {
      if (listed === at('parser-good')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    await scene.plugins.reload();
    await expectOneBroken(/its folder can't be read: EACCES.*let the user/);
  });

  it('a plugin may be removed', async () => {
    vanishes(at('parser-good'), at());
    await scene.plugins.reload();
    expect(scene.plugins.problems).toEqual([]);
    expect(scene.plugins.entries().map(({ name }) => name)).toEqual(['parser-other']);
    expect(scene.parsers.has('good')).toBe(false);
  });
});

it('a file that is removed while a plugin is copied is told of', async () => {
  await writeFile(at('parser-good', 'passing.txt'), 'a');
  vanishes(at('parser-good', 'passing.txt'), at('parser-good'));
  const copied = await copyTree(at('parser-good'), join(scene.stageDirectory, 'copy'));
  expect(copied.problems).toMatchObject([{ what: expect.stringContaining('ENOENT') }]);
  await access(at('parser-good', 'index.ts'), constants.R_OK);
});
