import type { WantedObject } from './local-objects.js';
import type { ObjectContent } from './object-content.js';

/** What the archive storage has of tiers from outside: objects whose keys begin with `tier=<name>/`. */
export abstract class TierObjects {
  /**
   * Durable when it resolves. The content is lines, and is handed on as it is: who puts reads it back.
   *
   * @throws ArchiveStorageError `archive_tier_failed`, where there is no such tier too
   */
  abstract put(key: string, content: ObjectContent): Promise<void>;
  /** @throws ArchiveStorageError `archive_object_missing`, `archive_tier_failed` */
  abstract get(key: string): AsyncIterable<Uint8Array>;
  /** Idempotent. @throws ArchiveStorageError `archive_tier_failed` */
  abstract delete(key: string): Promise<void>;
  /**
   * Writes the events of an object into a Parquet file, which is not there yet.
   *
   * @throws ArchiveStorageError as {@link get}, and `archive_object_damaged`
   */
  abstract toFile(object: WantedObject, path: string): Promise<void>;
}
