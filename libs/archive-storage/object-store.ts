import type { ByteRange, ListedObject, ObjectHead, PutOptions } from './archive-storage.port.js';
import type { ObjectContent } from './object-content.js';

/** An object that is being read. */
export interface OpenObject {
  /** That `body` will have, by what the store says. */
  readonly bytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * What an adapter does: keys and ranges were checked before, sums and lengths are checked behind it
 * (`checked-storage.ts`). Errors are ArchiveStorageErrors.
 */
export interface ObjectStore {
  /** Whether it locks what is put until a moment. */
  readonly locks?: boolean;
  /** Durable and whole when it resolves; `exists`, with nothing changed, where an object is there. Content as it is read. */
  putNew(key: string, content: ObjectContent, options?: PutOptions): Promise<'stored' | 'exists'>;
  /** @throws ArchiveStorageError `archive_object_missing`, `archive_range_outside` */
  open(key: string, range?: ByteRange): Promise<OpenObject>;
  head(key: string): Promise<ObjectHead | undefined>;
  list(
    prefix: string,
    page: { readonly limit: number; readonly after: string },
  ): Promise<readonly ListedObject[]>;
  delete(key: string): Promise<void>;
  /** Of a store that locks objects. @throws ArchiveStorageError `archive_object_missing` */
  setHold?(key: string, isHeld: boolean): Promise<boolean>;
  check(): Promise<void>;
  close(): Promise<void>;
}
