import { lstat } from 'node:fs/promises';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import { checkKey } from '../key-rules.js';
import { LocalObjects, type HeldObjects, type WantedObject } from '../local-objects.js';
import { onDisk } from './disk-faults.js';
import { pathOf } from './folders.js';

/** Objects of a directory, read where they are. Their sums are a scrub's to check, their lengths are checked here. */
export class ObjectsInPlace extends LocalObjects {
  constructor(private readonly root: string) {
    super();
  }

  async hold(wanted: readonly WantedObject[]): Promise<HeldObjects> {
    const paths = new Map<string, string>();
    for (const object of wanted) paths.set(object.key, await this.#find(object));
    return { paths, release: () => undefined };
  }

  #find({ key, bytes }: WantedObject): Promise<string> {
    checkKey(key);
    return onDisk(`read ${key}`, async () => {
      const path = await pathOf(this.root, key);
      const found = await lstat(path);
      if (found.isFile() && found.size === bytes) return path;
      throw new ArchiveStorageError(
        'archive_object_damaged',
        `${key} has ${found.size} bytes, not ${bytes}.`,
      );
    });
  }
}
