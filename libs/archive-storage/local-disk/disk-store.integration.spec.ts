import { mkdtemp, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckedStorage } from '../checked-storage.js';
import {
  describeArchiveStorageContract,
  readAll,
  textContent,
  type ArchiveStorageHarness,
} from '../testing/index.js';
import { DiskStore } from './disk-store.js';

async function startDiskHarness(): Promise<ArchiveStorageHarness> {
  const root = await mkdtemp(join(tmpdir(), 'alluvium-archives-'));
  const directory = join(root, 'archives');
  const open = async () => new CheckedStorage(await DiskStore.open({ directory }));
  return {
    storage: await open(),
    crash: open,
    leftovers: async () => (await readdir(join(directory, '.incoming'))).length,
    stop: () => rm(root, { recursive: true }),
  };
}

describeArchiveStorageContract('disk', startDiskHarness);

describe('archives on a disk', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'alluvium-archives-'));
  });
  afterEach(() => rm(root, { recursive: true }));
  const open = async () => new CheckedStorage(await DiskStore.open({ directory: root }));

  it('are plain files under their keys; what a killed process was writing is removed at the start', async () => {
    const storage = await open();
    await storage.put('year=2026/a.json', textContent('{}'));
    expect(await readFile(join(root, 'year=2026/a.json'), 'utf8')).toBe('{}');
    await writeFile(join(root, '.incoming/half'), 'half of it');
    const after = await open();
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
    expect(await after.list('')).toEqual([{ key: 'year=2026/a.json', bytes: 2 }]);
  });

  it('of several processes: each removes what it was writing itself, and of others what is a day old', async () => {
    const place = { directory: root, writer: 'one' };
    await DiskStore.open(place);
    const aDayAgo = Date.now() / 1_000 - 86_500;
    for (const name of ['one-half', 'another-half', 'another-old'])
      await writeFile(join(root, '.incoming', name), 'half of it');
    await utimes(join(root, '.incoming/another-old'), aDayAgo, aDayAgo);
    await DiskStore.open(place);
    expect(await readdir(join(root, '.incoming'))).toEqual(['another-half']);
  });

  it('leave no empty folders behind, and no other file', async () => {
    const storage = await open();
    await storage.put('a/b/c/d.json', textContent('1'));
    await storage.put('a/e.json', textContent('2'));
    await storage.delete('a/b/c/d.json');
    expect(await readdir(root, { recursive: true })).toEqual(['.incoming', 'a', 'a/e.json']);
  });

  it('are put and removed side by side in one folder, which comes and goes', async () => {
    const storage = await open();
    for (let round = 0; round < 30; round += 1) {
      const keys = Array.from({ length: 4 }, (_, n) => `x/y/${n}.json`);
      await Promise.all(
        keys.map(async (key) => {
          await storage.put(key, textContent(key));
          await storage.delete(key);
        }),
      );
    }
    expect(await storage.list('')).toEqual([]);
  });

  it('show a file that was changed, cut or removed behind their back', async () => {
    const storage = await open();
    const content = textContent('what was kept');
    await storage.put('a.json', content);
    const read = async () => readAll(await storage.get('a.json', { sha256: content.sha256 }));
    for (const text of ['what was k3pt', 'what was', 'what was kept, and more']) {
      await writeFile(join(root, 'a.json'), text);
      await expect(read()).rejects.toMatchObject({ code: 'archive_object_damaged' });
      await expect(storage.put('a.json', content)).rejects.toMatchObject({ code: 'archive_object_exists' });
    }
    await rm(join(root, 'a.json'));
    await expect(read()).rejects.toMatchObject({ code: 'archive_object_missing' });
  });

  it('follow no symbolic link out of their directory', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'alluvium-elsewhere-'));
    await writeFile(join(elsewhere, 'a.json'), 'secret');
    const storage = await open();
    await symlink(elsewhere, join(root, 'link'));
    await mkdir(join(root, 'real'));
    await symlink(join(elsewhere, 'a.json'), join(root, 'real/a.json'));
    const refused = { code: 'archive_storage_refused' };
    for (const key of ['link/a.json', 'link/b.json']) {
      await expect(storage.put(key, textContent('x'))).rejects.toMatchObject(refused);
      await expect(storage.get(key)).rejects.toMatchObject(refused);
      await expect(storage.delete(key)).rejects.toMatchObject(refused);
    }
    await expect(storage.get('real/a.json').then(readAll)).rejects.toMatchObject(refused);
    expect(await storage.list('')).toEqual([]);
    expect(await readdir(elsewhere)).toEqual(['a.json']);
    await rm(elsewhere, { recursive: true });
  });
});
