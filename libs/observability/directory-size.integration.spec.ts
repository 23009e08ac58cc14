import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { directorySize } from '#observability';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-size-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('is of all files below, and of none twice', async () => {
  await mkdir(join(directory, 'a/b'), { recursive: true });
  await writeFile(join(directory, 'a/b/one'), Buffer.alloc(100_000, 1));
  await writeFile(join(directory, 'two'), Buffer.alloc(50_000, 1));
  await symlink(join(directory, 'a'), join(directory, 'again'));
  const { bytes, files } = await directorySize(directory);
  expect(files).toBe(3);
  expect(bytes).toBeGreaterThanOrEqual(150_000);
  expect(bytes).toBeLessThan(200_000);
});

it('does not count the holes of a file', async () => {
  await writeFile(join(directory, 'map'), 'x');
  await truncate(join(directory, 'map'), 2 ** 30);
  expect((await directorySize(directory)).bytes).toBeLessThan(2 ** 20);
});

it('is nothing where there is no such directory', async () => {
  expect(await directorySize(join(directory, 'gone'))).toEqual({ bytes: 0, files: 0 });
});
