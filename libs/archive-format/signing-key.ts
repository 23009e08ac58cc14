import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArchiveFormatError } from './archive-format.errors.js';

/** The appliance's key for archives (Ed25519): who has only `publicKey` can verify, and not sign. */
export interface SigningKey {
  /** The first 16 hex digits of the SHA-256 of the public key. */
  readonly id: string;
  /** SPKI, DER, in base64. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/**
 * The key in a file (PEM, 0600), made whole or not at all where there is none.
 *
 * @throws ArchiveFormatError `archive_signing_key_unusable`
 */
export async function openSigningKey(path: string): Promise<SigningKey> {
  return usable(path, async () => keyOf((await readIfThere(path)) ?? (await make(path))));
}

/**
 * The same, but none is made.
 *
 * @throws ArchiveFormatError `archive_signing_key_unusable`
 */
export async function findSigningKey(path: string): Promise<SigningKey | undefined> {
  return usable(path, async () => {
    const pem = await readIfThere(path);
    return pem === undefined ? undefined : keyOf(pem);
  });
}

function keyOf(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key');
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { id: keyId(der), publicKey: der.toString('base64'), privateKey };
}

async function usable<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    throw new ArchiveFormatError(
      'archive_signing_key_unusable',
      `The key of archives ${path} can't be used (${cause instanceof Error ? cause.message : cause}). Put it back from a backup and make it readable for the server's user alone.`,
      cause,
    );
  }
}

/** What a public key is called by. */
export function keyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Of two that make one at once, both read the first. */
async function make(path: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(pem);
    await file.sync();
    await link(temporary, path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
  return readFile(path, 'utf8');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
