import { tierOfKey } from '#archive-format';
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
import { checkKey } from './key-rules.js';
import type { LocalObjects } from './local-objects.js';
import type { ObjectContent } from './object-content.js';
import { SplitObjects } from './split-objects.js';
import type { TierObjects } from './tier-objects.js';

/** The place of archives, and tiers from outside beside it, by the keys of objects. What tiers keep is not listed. */
export class StorageWithTiers implements ArchiveStorage {
  constructor(
    private readonly archive: ArchiveStorage,
    private readonly tiers: TierObjects,
  ) {}

  async put(key: string, content: ObjectContent, options?: PutOptions): Promise<{ readonly added: boolean }> {
    if (tierOfKey(key) === undefined) return this.archive.put(key, content, options);
    checkKey(key);
    await this.tiers.put(key, content);
    return { added: true };
  }

  async get(key: string, options: ReadOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    if (tierOfKey(key) === undefined) return this.archive.get(key, options);
    checkKey(key);
    if (options.range)
      throw new ArchiveStorageError('archive_range_invalid', 'A tier gives no range: read the whole unit.');
    const why = { code: 'archive_object_damaged', what: `What was read of ${key}` } as const;
    return checkedContent(this.tiers.get(key), { sha256: options.sha256 }, why);
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    return this.archive.head(key);
  }

  async list(prefix: string, options?: ListOptions): Promise<readonly ListedObject[]> {
    return this.archive.list(prefix, options);
  }

  async delete(key: string): Promise<void> {
    if (tierOfKey(key) === undefined) return this.archive.delete(key);
    checkKey(key);
    await this.tiers.delete(key);
  }

  async setHold(key: string, isHeld: boolean): Promise<boolean> {
    return tierOfKey(key) === undefined && this.archive.setHold(key, isHeld);
  }

  async check(): Promise<void> {
    await this.archive.check();
  }

  async stop(): Promise<void> {
    await this.archive.stop();
  }
}

/** Files of the place of archives, and of tiers. */
export function filesWithTiers(archive: LocalObjects, tiers: LocalObjects): LocalObjects {
  return new SplitObjects(({ key }) => tierOfKey(key) !== undefined, tiers, archive);
}
