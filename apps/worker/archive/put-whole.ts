import type { ArchiveEncryption, EncryptedAs } from '#archive-encryption';
import { isDamage, readBack, type ArchiveStorage, type ObjectContent } from '#archive-storage';
import { deleteObjects } from './delete-objects.js';

/** An object that is to be put. */
export interface NewObject {
  readonly key: string;
  readonly content: ObjectContent;
  /** Absent where it is not encrypted. */
  readonly encryption?: EncryptedAs | undefined;
  /** Until when its store is to lock it. */
  readonly lockedUntil?: Date | undefined;
}

export interface PutParts {
  readonly storage: Pick<ArchiveStorage, 'put' | 'get' | 'delete'>;
  readonly encryption: Pick<ArchiveEncryption, 'open' | 'require'>;
}

/**
 * Puts an object and reads it back, decrypted: the same bytes are the same events. What is damaged is no use to anybody.
 *
 * @throws ArchiveStorageError
 */
export async function putWhole(
  { storage, encryption: opening }: PutParts,
  { key, content, encryption, lockedUntil }: NewObject,
): Promise<void> {
  try {
    await storage.put(key, content, { lockedUntil });
    await readBack(storage, { key, sha256: content.sha256, encryption }, opening);
  } catch (error) {
    if (isDamage(error)) await deleteObjects(storage, [key]);
    throw error;
  }
}
