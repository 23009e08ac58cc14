import { createHash } from 'node:crypto';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import type { ByteRange, ListedObject, ObjectHead } from '../archive-storage.port.js';
import type { ObjectContent } from '../object-content.js';
import type { ObjectStore, OpenObject } from '../object-store.js';
import { readAll } from './test-content.js';

/** Objects in memory, for tests of what stands on the port. */
export class MemoryStore implements ObjectStore {
  constructor(protected readonly objects = new Map<string, Buffer>()) {}

  async putNew(key: string, content: ObjectContent): Promise<'stored' | 'exists'> {
    const bytes = await readAll(content.open());
    if (this.objects.has(key)) return 'exists';
    this.objects.set(key, bytes);
    return 'stored';
  }

  async open(key: string, range?: ByteRange): Promise<OpenObject> {
    const whole = this.objects.get(key);
    if (!whole) throw new ArchiveStorageError('archive_object_missing', `There is no ${key}.`);
    if (range && range.offset >= whole.length)
      throw new ArchiveStorageError('archive_range_outside', `${key} has ${whole.length} bytes.`);
    const read = range ? whole.subarray(range.offset, range.offset + range.length) : whole;
    return {
      bytes: read.length,
      body: (async function* () {
        yield read;
      })(),
    };
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const bytes = this.objects.get(key);
    return bytes && { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  async list(
    prefix: string,
    { limit, after }: { readonly limit: number; readonly after: string },
  ): Promise<readonly ListedObject[]> {
    return [...this.objects]
      .map(([key, { length }]) => ({ key, bytes: length }))
      .filter(({ key }) => key.startsWith(prefix) && key > after)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(key);
  }

  async check(): Promise<void> {
    // It is always there.
  }

  async close(): Promise<void> {
    // Nothing to be closed.
  }
}
