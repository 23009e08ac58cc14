import { lstat, mkdir, open, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import { fileCode } from './disk-faults.js';

/** Makes the entries of a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder of a key, each above it first, and each durable in the one above. */
export async function makeFolder(root: string, key: string): Promise<void> {
  let path = root;
  for (const name of key.split('/').slice(0, -1)) {
    const above = path;
    path = join(path, name);
    if (await isMade(path)) await syncFolder(above);
  }
}

async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (fileCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The file of a key. @throws where a symbolic link below `root` leads its folder elsewhere */
export async function pathOf(root: string, key: string): Promise<string> {
  let path = root;
  for (const name of key.split('/').slice(0, -1)) {
    path = join(path, name);
    if ((await lstat(path)).isDirectory()) continue;
    throw new ArchiveStorageError(
      'archive_storage_refused',
      `${path} is no folder, but stands in the way to ${key}: remove it; archives are moved as a whole, without links.`,
    );
  }
  return join(root, key);
}

/** Makes it durable that a key's file is gone: in its folder, or in the one above where another call removed that. */
export async function syncRemoval(root: string, key: string): Promise<void> {
  for (let folder = dirname(join(root, key)); ; folder = dirname(folder))
    try {
      return await syncFolder(folder);
    } catch (error) {
      if (fileCode(error) !== 'ENOENT' || folder === root) throw error;
    }
}

/** Removes the folders of a key that have become empty. */
export async function removeEmptyFolders(root: string, key: string): Promise<void> {
  for (let folder = dirname(join(root, key)); folder !== root; folder = dirname(folder))
    try {
      await rmdir(folder);
    } catch {
      // It has other objects, or another call was faster.
      return;
    }
}
