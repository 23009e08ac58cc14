import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { LOCK_FILE, lockSocketOf } from './directory-lock.js';

/** Who has a directory. `unknown`: this can't be told here without trying to take it. */
export type DirectoryOwner =
  { readonly kind: 'free' } | { readonly kind: 'unknown' } | { readonly kind: 'held'; readonly by: string };

/**
 * Tells whether a process has the lock of a directory, by looking only: neither the lock nor a file is touched, so that a
 * process that is just starting isn't disturbed. Sees processes of the same network or process namespace.
 */
export async function findDirectoryOwner(directory: string): Promise<DirectoryOwner> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) return { kind: 'free' };
  if (process.platform !== 'linux') return { kind: 'unknown' };
  const path = join(directory, LOCK_FILE);
  const isHeld = (await isListening(lockSocketOf(found))) || (await isLocked(path));
  if (!isHeld) return { kind: 'free' };
  return { kind: 'held', by: (await readFile(path, 'utf8').catch(() => '')) || 'another process' };
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Whether the kernel lists a lock of the file. */
async function isLocked(path: string): Promise<boolean> {
  const file = await stat(path).catch(() => undefined);
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  if (!file) return false;
  return locks.split('\n').some((line) => / FLOCK /.test(line) && line.includes(`:${file.ino} `));
}
