import { ArchiveStorageError } from './archive-storage.errors.js';
import type {
  ArchiveStorage,
  ListedObject,
  ListOptions,
  ObjectHead,
  PutOptions,
  ReadOptions,
} from './archive-storage.port.js';
import { checkedContent } from './checked-content.js';
import { checkKey, checkPrefix, checkRange, MAX_LISTED } from './key-rules.js';
import type { ObjectContent } from './object-content.js';
import type { ObjectStore } from './object-store.js';

/** The rules of the port that are the same for every store. */
export class CheckedStorage implements ArchiveStorage {
  #stopped = false;

  constructor(private readonly store: ObjectStore) {}

  async put(
    key: string,
    content: ObjectContent,
    options: PutOptions = {},
  ): Promise<{ readonly added: boolean }> {
    this.#guard(key);
    if (options.lockedUntil && this.store.locks !== true)
      throw new ArchiveStorageError(
        'archive_storage_refused',
        `${key} is to be locked by its policy (lock_days), and S3_OBJECT_LOCK is off: set it, or change the policy.`,
      );
    const { bytes, sha256 } = content;
    const why = { code: 'archive_content_changed', what: `What was to be put under ${key}` } as const;
    const open = (): AsyncIterable<Uint8Array> => checkedContent(content.open(), { bytes, sha256 }, why);
    const outcome = await this.store.putNew(key, { bytes, sha256, open }, options);
    if (outcome === 'stored') return { added: true };
    const there = await this.store.head(key);
    if (there?.bytes === bytes && there.sha256 === sha256) return { added: false };
    throw there
      ? new ArchiveStorageError(
          'archive_object_exists',
          `There is another object under ${key}, of ${there.bytes} bytes: it stays as it is.`,
        )
      : new ArchiveStorageError('archive_storage_unavailable', `What was under ${key} is gone: try again.`);
  }

  async get(key: string, { range, sha256 }: ReadOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    this.#guard(key);
    if (range) checkRange(range);
    if (range && sha256 !== undefined)
      throw new ArchiveStorageError('archive_range_invalid', 'A range has no sum: give one of both.');
    const { bytes, body } = await this.store.open(key, range);
    const why = { code: 'archive_object_damaged', what: `What was read of ${key}` } as const;
    return checkedContent(body, { bytes, sha256 }, why);
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    this.#guard(key);
    return this.store.head(key);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<readonly ListedObject[]> {
    const { limit = MAX_LISTED, after = '' } = options;
    this.#guard();
    checkPrefix(prefix);
    checkPrefix(after);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED)
      throw new ArchiveStorageError(
        'archive_range_invalid',
        `A list has 1 to ${MAX_LISTED} objects, not ${limit}.`,
      );
    return this.store.list(prefix, { limit, after });
  }

  async delete(key: string): Promise<void> {
    this.#guard(key);
    await this.store.delete(key);
  }

  async setHold(key: string, isHeld: boolean): Promise<boolean> {
    this.#guard(key);
    return (await this.store.setHold?.(key, isHeld)) ?? false;
  }

  async check(): Promise<void> {
    this.#guard();
    await this.store.check();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.store.close();
  }

  #guard(key?: string): void {
    if (this.#stopped)
      throw new ArchiveStorageError(
        'archive_storage_stopped',
        'The archive storage was stopped: start again.',
      );
    if (key !== undefined) checkKey(key);
  }
}
