import { AlluviumError } from '#event-model';

/**
 * - `archive_key_missing`: the key that a file was encrypted with is none of those that are set.
 * - `archive_sealed_unknown`: it is no encrypted file of archives, or one that a newer version wrote.
 * - `archive_sealed_of_other`: it is the encrypted file of another unit, or of other events.
 * - `archive_sealed_tampered`: it was changed behind the key's back.
 * - `archive_sealed_misordered`: pieces of it are in another order, twice or left out.
 * - `archive_sealed_truncated`: it ends before its end, or goes on behind it.
 */
export type ArchiveEncryptionErrorCode =
  | 'archive_key_missing'
  | 'archive_sealed_unknown'
  | 'archive_sealed_of_other'
  | 'archive_sealed_tampered'
  | 'archive_sealed_misordered'
  | 'archive_sealed_truncated';

/** An encrypted file of archives can't be opened; the message has no part of a key. */
export class ArchiveEncryptionError extends AlluviumError {
  declare readonly code: ArchiveEncryptionErrorCode;

  constructor(code: ArchiveEncryptionErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: false, cause });
  }
}
