import { ArchiveStorageError } from './archive-storage.errors.js';
import type { ArchiveStorage, ReadOptions } from './archive-storage.port.js';
import { LocalObjects, type HeldObjects, type WantedObject } from './local-objects.js';

type Reading = Pick<ArchiveStorage, 'get'>;

/** Buckets of several places as one storage, so that what is held of all of them together is bounded. */
export class StorageOfPlaces implements Reading {
  constructor(private readonly buckets: ReadonlyMap<string, Reading>) {}

  async get(key: string, options?: ReadOptions): Promise<AsyncIterable<Uint8Array>> {
    const [bucket, own] = this.find(key);
    return bucket.get(own, options);
  }

  /** The bucket of a key, and the key there. @throws ArchiveStorageError `archive_object_missing` */
  find(key: string): readonly [bucket: Reading, own: string] {
    const end = key.indexOf('/');
    const bucket = this.buckets.get(key.slice(0, end));
    if (bucket) return [bucket, key.slice(end + 1)];
    throw new ArchiveStorageError('archive_object_missing', `There is no place of ${key}.`);
  }
}

/** Objects of one of the places, out of what is held of all. */
export class ObjectsOfPlace extends LocalObjects {
  constructor(
    private readonly held: LocalObjects,
    private readonly place: string,
  ) {
    super();
  }

  async hold(wanted: readonly WantedObject[]): Promise<HeldObjects> {
    const { paths, release } = await this.held.hold(
      wanted.map((object) => ({ ...object, key: this.#keyOf(object.key) })),
    );
    return { paths: new Map(wanted.map(({ key }) => [key, paths.get(this.#keyOf(key)) ?? ''])), release };
  }

  #keyOf(key: string): string {
    return `${this.place}/${key}`;
  }
}
