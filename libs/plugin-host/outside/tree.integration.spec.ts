import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyTree, hashTree, TREE_LIMITS } from './tree.js';

let place: string;
let folder: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'alluvium-tree-'));
  folder = join(place, 'plugin');
  await write('index.ts', 'a');
  await write('node_modules/dep/index.js', 'b');
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(join(folder, file, '..'), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function hash(path = folder): Promise<string> {
  const hashed = await hashTree(path);
  if (hashed.problems) throw new Error(JSON.stringify(hashed.problems));
  return hashed.value;
}

const problem = async (): Promise<string | undefined> => (await hashTree(folder)).problems?.[0]?.what;

it('is changed by every file and its name, those of dependencies included', async () => {
  const hashes = [await hash()];
  for (const change of [
    () => write('index.ts', 'c'),
    () => write('node_modules/dep/index.js', 'd'),
    () => write('package-lock.json', '{}'),
    () => symlink('dep/index.js', join(folder, 'node_modules/link.js')),
    () => rm(join(folder, 'package-lock.json')),
  ]) {
    await change();
    hashes.push(await hash());
  }
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(hashes).size).toBe(hashes.length);
});

it('is not changed by what is not part of the plugin, nor by the order in which files were made', async () => {
  const before = await hash();
  await write('.git/HEAD', 'ref');
  await write('node_modules/@alluvium/plugin-kit/index.js', 'kit');
  await rm(join(folder, 'index.ts'));
  await write('index.ts', 'a');
  expect(await hash()).toBe(before);
});

it('is the same of a copy, links and all', async () => {
  await write('.git/HEAD', 'ref');
  await symlink('dep/index.js', join(folder, 'node_modules/link.js'));
  const copy = join(place, 'copy');
  expect(await copyTree(folder, copy)).toEqual({ value: undefined });
  expect(await hash(copy)).toBe(await hash());
  expect(await readFile(join(copy, 'node_modules/dep/index.js'), 'utf8')).toBe('b');
  expect(await readlink(join(copy, 'node_modules/link.js'))).toBe('dep/index.js');
});

it.each(['/etc/passwd', '../outside', 'node_modules/../../outside'])(
  'refuses a link to %s',
  async (target) => {
    await symlink(target, join(folder, 'link'));
    expect(await problem()).toMatch(/the link link leads out of the folder/);
    expect((await copyTree(folder, join(place, 'copy'))).problems).toHaveLength(1);
  },
);

it('refuses what is no file, too much and too many', async () => {
  expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
  expect(await problem()).toBe('pipe is neither a file nor a folder');
  await rm(join(folder, 'pipe'));
  await write('large', '');
  await truncate(join(folder, 'large'), TREE_LIMITS.bytes);
  expect(await problem()).toBe('its files have more than 256 MiB');
  await rm(join(folder, 'large'));
  await mkdir(join(folder, 'many'));
  for (let n = 0; n < TREE_LIMITS.files; n += 1) await writeFile(join(folder, 'many', `${n}`), '');
  expect(await problem()).toBe('it has more than 20000 files');
});

it('says of a folder that is not there what is wrong', async () => {
  await rm(folder, { recursive: true });
  expect(await problem()).toMatch(/its files can't be read: ENOENT/);
});
