import { AlluviumError } from '#event-model';

/**
 * - `archive_storage_unavailable`: the store doesn't answer or is overloaded; whether a put went through is unknown. Retryable.
 * - `archive_disk_full`: no room for the object; nothing is under its key. Retryable.
 * - `archive_storage_refused`: the store answers and refuses: a setting or a right must change.
 * - `archive_storage_stopped`: after `stop`. Retryable after the next start.
 * - `archive_key_invalid`, `archive_range_invalid`: no such key or range can be.
 * - `archive_object_missing`, `archive_range_outside`: nothing is there.
 * - `archive_object_exists`: another content is under the key.
 * - `archive_content_changed`: the bytes to be put are not those of their sum.
 * - `archive_object_damaged`: what was read is not what was put.
 * - `archive_object_locked`: the store keeps it from being deleted for a while.
 * - `archive_key_missing`: it is encrypted, and its key is none of those that are set.
 * - `archive_tier_failed`: a tier from outside isn't there, or failed.
 * - `archive_cache_too_small`: more is wanted at once than this machine may hold of a bucket.
 * - `archive_cache_busy`: others hold too much of that now. Retryable.
 */
export type ArchiveStorageErrorCode =
  | 'archive_storage_unavailable'
  | 'archive_disk_full'
  | 'archive_storage_refused'
  | 'archive_storage_stopped'
  | 'archive_key_invalid'
  | 'archive_range_invalid'
  | 'archive_object_missing'
  | 'archive_range_outside'
  | 'archive_object_exists'
  | 'archive_content_changed'
  | 'archive_object_damaged'
  | 'archive_object_locked'
  | 'archive_key_missing'
  | 'archive_tier_failed'
  | 'archive_cache_too_small'
  | 'archive_cache_busy';

const RETRYABLE: ReadonlySet<ArchiveStorageErrorCode> = new Set([
  'archive_storage_unavailable',
  'archive_disk_full',
  'archive_storage_stopped',
  'archive_cache_busy',
]);

/** The store did not do what it was asked for. Its message has no credentials. */
export class ArchiveStorageError extends AlluviumError {
  declare readonly code: ArchiveStorageErrorCode;

  constructor(code: ArchiveStorageErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: RETRYABLE.has(code), cause });
  }
}

const DAMAGES: ReadonlySet<ArchiveStorageErrorCode> = new Set([
  'archive_object_damaged',
  'archive_object_exists',
  'archive_object_missing',
]);

/** Whether an object is not what was put there. Another one under the key of its own sum can only be one that was changed. */
export function isDamage(error: unknown): error is ArchiveStorageError {
  return error instanceof ArchiveStorageError && DAMAGES.has(error.code);
}
