import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { shareSecrets } from './shared-secrets.js';

const NAMES = ['archive-signing.pem', 'pepper', 'receipts.secret', 'redaction.secret'];
let directories: string[];
let catalogue: MemoryCatalogue;
beforeEach(async () => {
  catalogue = new MemoryCatalogue();
  directories = [];
  for (let n = 0; n < 3; n += 1) directories.push(await mkdtemp(join(tmpdir(), 'alluvium-secrets-')));
});
afterEach(() => Promise.all(directories.map((each) => rm(each, { recursive: true }))));

const secretsIn = async (directory = '') =>
  Promise.all(NAMES.map(async (name) => (await readFile(join(directory, name))).toString('base64')));

it('all processes have the secrets of the first, for their owner alone, also where they start at once', async () => {
  await Promise.all(directories.map((each) => shareSecrets(catalogue, each)));
  const [first, second, third] = await Promise.all(directories.map(secretsIn));
  expect([second, third]).toEqual([first, first]);
  for (const name of await readdir(directories[1] ?? '')) {
    expect(NAMES).toContain(name);
    expect((await stat(join(directories[1] ?? '', name))).mode & 0o777).toBe(0o600);
  }
});

it('a directory that was used before brings its own, and one with others is refused', async () => {
  const [first = '', second = ''] = directories;
  await writeFile(join(first, 'receipts.secret'), Buffer.alloc(32, 7), { mode: 0o600 });
  await shareSecrets(catalogue, first);
  await shareSecrets(catalogue, first);
  await shareSecrets(catalogue, second);
  expect((await readFile(join(second, 'receipts.secret'))).equals(Buffer.alloc(32, 7))).toBe(true);
  await writeFile(join(second, 'receipts.secret'), Buffer.alloc(32, 8));
  await expect(shareSecrets(catalogue, second)).rejects.toMatchObject({ code: 'secret_differs' });
});
