import { randomBytes } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SecretFileError } from './receipt.errors.js';

/** Bytes. */
const SECRET_BYTES = 32;

/**
 * Reads the secret in a file, which is made with mode 0600 where it isn't there. Two callers at once get the same
 * secret, and a crash leaves a whole file or none.
 *
 * @throws SecretFileError where the file has another length.
 */
export async function openSecretFile(path: string): Promise<Buffer> {
  const existing = await readIfThere(path);
  const secret = existing ?? (await create(path));
  if (secret.length !== SECRET_BYTES) throw new SecretFileError(path, secret.length);
  return secret;
}

async function create(path: string): Promise<Buffer> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeDurably(draft, randomBytes(SECRET_BYTES));
  try {
    // A link appears whole and never replaces the file of a caller who was faster.
    await link(draft, path).catch(unlessCode('EEXIST'));
    await syncDirectory(dirname(path));
  } finally {
    await unlink(draft);
  }
  return readFile(path);
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(unlessCode('ENOENT'));
}

function unlessCode(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
