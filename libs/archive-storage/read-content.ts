import { ArchiveEncryptionError, type ArchiveEncryption, type EncryptedAs } from '#archive-encryption';
import { ArchiveStorageError } from './archive-storage.errors.js';
import type { ArchiveStorage } from './archive-storage.port.js';

/** An object by the sum of what is stored, and how that is encrypted. */
export interface StoredObject {
  readonly key: string;
  /** SHA-256 of what is stored, hex. */
  readonly sha256: string;
  /** Absent where it is not encrypted. */
  readonly encryption?: EncryptedAs | undefined;
}

/** What opens encrypted objects. */
export type Opening = Pick<ArchiveEncryption, 'open' | 'require'>;

/**
 * The content of an object, decrypted where it is encrypted. It is complete, and what was put, once the iteration has ended
 * without an error.
 *
 * @throws ArchiveStorageError as `get`; `archive_key_missing`
 */
export async function* readContent(
  storage: Pick<ArchiveStorage, 'get'>,
  { key, sha256, encryption }: StoredObject,
  opening: Opening,
): AsyncGenerator<Uint8Array> {
  try {
    if (encryption) opening.require(key, encryption);
    const stored = await storage.get(key, { sha256 });
    yield* encryption ? opening.open(stored, { key, sha256: encryption.sha256 }) : stored;
  } catch (error) {
    throw asStorageError(error);
  }
}

/** Reads an object to its end. @throws ArchiveStorageError as {@link readContent} */
export async function readBack(
  storage: Pick<ArchiveStorage, 'get'>,
  object: StoredObject,
  opening: Opening,
): Promise<void> {
  for await (const _chunk of readContent(storage, object, opening));
}

/** @throws ArchiveStorageError `archive_key_missing` where one of them is encrypted with a key that is not here */
export function requireKeys(objects: readonly StoredObject[], opening: Pick<Opening, 'require'>): void {
  try {
    for (const { key, encryption } of objects) if (encryption) opening.require(key, encryption);
  } catch (error) {
    throw asStorageError(error);
  }
}

/** What the port calls an error of encryption: `archive_key_missing`; all else that can't be decrypted is damaged. */
export function asStorageError(error: unknown): unknown {
  if (!(error instanceof ArchiveEncryptionError)) return error;
  const code = error.code === 'archive_key_missing' ? 'archive_key_missing' : 'archive_object_damaged';
  return new ArchiveStorageError(code, error.message, error);
}
