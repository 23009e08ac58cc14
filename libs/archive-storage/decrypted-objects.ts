import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArchiveStorage } from './archive-storage.port.js';
import { CachedObjects } from './cached-objects.js';
import type { LocalObjects, WantedObject } from './local-objects.js';
import { ObjectsOfPlace, StorageOfPlaces } from './objects-of-places.js';
import { readContent, type Opening } from './read-content.js';
import { SplitObjects } from './split-objects.js';

/** Mode of files that hold decrypted events. */
const OWNER_ALONE = 0o600;

/** Encrypted objects of all places, decrypted in one directory of bounded size: nothing else of them is there in the clear. */
export class DecryptedObjects {
  readonly #storages = new Map<string, Pick<ArchiveStorage, 'get'>>();
  readonly #held: CachedObjects;

  constructor(
    private readonly opening: Opening,
    place: { readonly directory: string; readonly maxBytes: number },
  ) {
    this.#held = new CachedObjects((object, path) => this.#decrypt(object, path), place);
  }

  /** Files of a place: encrypted ones decrypted, all others as `plain` has them. */
  beside(plain: LocalObjects, name: string, storage: Pick<ArchiveStorage, 'get'>): LocalObjects {
    this.#storages.set(name, storage);
    const decrypted = new ObjectsOfPlace(this.#held, name);
    return new SplitObjects(({ encryption }) => encryption !== undefined, decrypted, plain);
  }

  async #decrypt({ key, ...object }: WantedObject, path: string): Promise<void> {
    const [storage, own] = new StorageOfPlaces(this.#storages).find(key);
    const content = readContent(storage, { ...object, key: own }, this.opening);
    await pipeline(Readable.from(content), createWriteStream(path, { mode: OWNER_ALONE }));
  }
}
