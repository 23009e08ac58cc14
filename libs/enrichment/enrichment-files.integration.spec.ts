import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnrichmentFiles } from './enrichment-files.js';

let folder: string;
let root: string;
let files: EnrichmentFiles;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-enrichment-'));
  root = join(folder, 'root');
  await mkdir(join(root, 'acme'), { recursive: true });
  await writeFile(join(folder, 'secret.csv'), 'secret');
  await writeFile(join(root, 'shared.csv'), 'shared');
  await writeFile(join(root, 'acme', 'own.csv'), 'own');
  files = new EnrichmentFiles(root);
});
afterEach(() => rm(folder, { recursive: true }));

const read = async (name: string, tenant = 'acme', most = 1_000): Promise<string> =>
  Buffer.from((await files.read(tenant, name, most)).bytes).toString();

describe('files for enrichments', () => {
  it('are those of the folder, and those of the tenant, which come first', async () => {
    expect([await read('shared.csv'), await read('own.csv')]).toEqual(['shared', 'own']);
    await writeFile(join(root, 'acme', 'shared.csv'), 'mine');
    expect([await read('shared.csv'), await read('shared.csv', 'other')]).toEqual(['mine', 'shared']);
    await expect(read('own.csv', 'other')).rejects.toThrow('There is no file own.csv');
  });

  it.each([
    ...['../secret.csv', '..', '.', '', '/etc/passwd', 'acme/own.csv', 'acme\\own.csv', '.hidden', 'a\0b'],
    ...['..%2fsecret.csv', 'C:\\x', 'x'.repeat(200)],
  ])('are none outside of it: %j', async (name) => {
    await expect(read(name)).rejects.toMatchObject({ mistakes: [{ option: 'file' }] });
    expect(await files.stamp('acme', name)).toBe('absent');
  });

  it('are none that a link leads to outside, but one that it leads to inside', async () => {
    await symlink(join(folder, 'secret.csv'), join(root, 'link.csv'));
    await symlink(folder, join(root, 'linked'));
    await symlink(join(root, 'shared.csv'), join(root, 'alias.csv'));
    await expect(read('link.csv')).rejects.toThrow('There is no file');
    await expect(read('secret.csv', 'linked')).rejects.toThrow('There is no file');
    expect(await read('alias.csv')).toBe('shared');
  });

  it('are no folders and no pipes, which nobody waits for', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await expect(read('acme', 'other')).rejects.toThrow('acme is no file');
    await expect(read('pipe')).rejects.toThrow('pipe is no file');
  });

  it('are no larger than is said', async () => {
    await expect(read('shared.csv', 'acme', 5)).rejects.toThrow(
      'The file shared.csv has 6 bytes; 5 are the most.',
    );
  });

  it('have another stamp when they are others', async () => {
    const before = await files.stamp('acme', 'shared.csv');
    expect((await files.read('acme', 'shared.csv', 100)).stamp).toBe(before);
    await writeFile(join(root, 'new'), 'shared');
    await rename(join(root, 'new'), join(root, 'shared.csv'));
    expect(await files.stamp('acme', 'shared.csv')).not.toBe(before);
    await rm(join(root, 'shared.csv'));
    expect(await files.stamp('acme', 'shared.csv')).toBe('absent');
  });

  it('are in memory once', async () => {
    const [one, two] = [
      await files.read('acme', 'shared.csv', 100),
      await files.read('other', 'shared.csv', 100),
    ];
    expect(two.bytes).toBe(one.bytes);
  });

  it('are in memory once, also where many ask for one at the same time', async () => {
    const all = await Promise.all(
      ['acme', 'other', 'third'].map((who) => files.read(who, 'shared.csv', 100)),
    );
    expect(new Set(all.map(({ bytes }) => bytes)).size).toBe(1);
  });

  it('are missed where the folder is missing', async () => {
    files = new EnrichmentFiles(join(folder, 'nowhere'));
    await expect(read('shared.csv')).rejects.toMatchObject({
      mistakes: [{ mend: expect.stringContaining('ALLUVIUM_ENRICHMENT_DIR') }],
    });
  });
});
