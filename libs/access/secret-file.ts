import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AccessError } from './access.errors.js';

/**
 * The one line of a secret file (0600). Where there is none it is made, whole or not at all: a crash leaves no half
 * secret, and of two processes one makes it and both read the same.
 */
export async function secretFileOnce(path: string, make: () => string): Promise<string> {
  return (await readSecret(path)) ?? (await makeSecret(path, make()));
}

/** The file's one line without its end; undefined where there is no file. */
export async function readSecret(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw unreadable(path, 'it can not be read', cause);
  }
}

/** Says that a secret file can't be used, without showing what is in it. */
export function unreadable(path: string, why: string, cause?: unknown): AccessError {
  return new AccessError(
    'secret_file_unreadable',
    `The secret file ${path} can't be used: ${why}. Put it back from a backup and make it readable for the server's user alone.`,
    cause,
  );
}

async function makeSecret(path: string, secret: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  await writeDurably(temporary, `${secret}\n`);
  try {
    await link(temporary, path);
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw unreadable(path, 'it can not be made', cause);
  } finally {
    await unlink(temporary);
  }
  await syncDirectory(dirname(path));
  return (await readSecret(path)) ?? secret;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync();
  await directory.close();
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
