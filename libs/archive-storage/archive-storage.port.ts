import type { ObjectContent } from './object-content.js';

/** Part of an object: `length` bytes from `offset` on, fewer where it ends before. Both in bytes, `length` at least 1. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface ReadOptions {
  readonly range?: ByteRange;
  /** The sum (SHA-256, hex) that what is read must have; the object as a whole only, so not together with `range`. */
  readonly sha256?: string;
}

export interface PutOptions {
  /** Until when the store is to lock the object at least, so that nobody deletes it. */
  readonly lockedUntil?: Date | undefined;
}

export interface ObjectHead {
  readonly bytes: number;
  /** SHA-256, hex. Absent where the store has none: of objects that were not put through this port. */
  readonly sha256?: string;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}

export interface ListOptions {
  /** At most so many, 1 to 1,000; default 1,000. */
  readonly limit?: number;
  /** Only those whose key comes behind this one. */
  readonly after?: string;
}

/**
 * Keeps archives: objects under keys, each written once and never changed. Listing is for people and sweeps; what counts
 * is written down by who puts.
 *
 * Keys are paths of lower-case letters, digits and `._=-`, such as `tenant=a/year=2026/part-1f.parquet`: folders without a
 * dot, the object's own name with one, so that no object is in another's place. At most 700 bytes.
 *
 * Lifecycle: ready when its module hands it out; the store need not answer yet. `stop` ends what runs, is idempotent and
 * legal at any time; later calls are refused.
 *
 * @throws ArchiveStorageError from every call: `code` says what is wrong, `retryable` whether the same call may go through
 * later, the message which setting mends it.
 */
export interface ArchiveStorage {
  /**
   * Keeps an object: when it resolves, exactly this content is under the key, durably. Where another content is there
   * already, that stays and `archive_object_exists` is thrown; of several at once one wins. Where the same is there, it
   * resolves with `added: false`, so a call whose end is not known is simply made again. After a failure nothing is under
   * the key, or the whole object.
   *
   * @throws ArchiveStorageError `archive_storage_refused` where it is to be locked, and the store locks nothing
   */
  put(key: string, content: ObjectContent, options?: PutOptions): Promise<{ readonly added: boolean }>;
  /**
   * Reads an object, or a range of it. What is read is complete and, where a sum was given, has it, once the iteration
   * has ended without an error; else `archive_object_damaged`.
   *
   * @throws ArchiveStorageError `archive_object_missing`, `archive_range_outside` where the range begins behind the end
   */
  get(key: string, options?: ReadOptions): Promise<AsyncIterable<Uint8Array>>;
  /** What is under a key; undefined where nothing is. Of a disk the file is read for it. */
  head(key: string): Promise<ObjectHead | undefined>;
  /** Objects whose key begins with `prefix` (empty: all), in the order of their keys' bytes. */
  list(prefix: string, options?: ListOptions): Promise<readonly ListedObject[]>;
  /** Removes an object. Idempotent. @throws ArchiveStorageError `archive_object_locked` while the store keeps it */
  delete(key: string): Promise<void>;
  /**
   * Sets or lifts the legal hold that the store itself has on an object: while it is set, nobody deletes it. Idempotent.
   *
   * @returns false where the store locks nothing, so that nothing was set
   * @throws ArchiveStorageError `archive_object_missing`, `archive_storage_refused` where the key may not
   */
  setHold(key: string, isHeld: boolean): Promise<boolean>;
  /**
   * Rejects where the store can't be reached or isn't fit: for readiness. The first one that is asked, and the first put,
   * also show that the store does not write over an object.
   */
  check(): Promise<void>;
  stop(): Promise<void>;
}
