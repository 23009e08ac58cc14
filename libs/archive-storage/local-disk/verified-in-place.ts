import { stat } from 'node:fs/promises';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import { LocalObjects, type HeldObjects, type WantedObject } from '../local-objects.js';
import { contentOfFile } from '../object-content.js';
import { onDisk } from './disk-faults.js';
import { ObjectsInPlace } from './objects-in-place.js';

/** Files whose sums are remembered. */
const MOST_KNOWN = 100_000;

/**
 * Objects of a directory that nobody else looks after: the sum of each is checked before its first use, and again once its
 * file is another one or was written to.
 */
export class VerifiedInPlace extends LocalObjects {
  readonly #inPlace: ObjectsInPlace;
  /** What a file looked like when it had its sum. */
  readonly #verified = new Map<string, string>();

  constructor(root: string) {
    super();
    this.#inPlace = new ObjectsInPlace(root);
  }

  async hold(wanted: readonly WantedObject[]): Promise<HeldObjects> {
    const held = await this.#inPlace.hold(wanted);
    for (const object of wanted) await this.#verify(object, held.paths.get(object.key) ?? '');
    return held;
  }

  #verify({ key, sha256 }: WantedObject, path: string): Promise<void> {
    return onDisk(`read ${key}`, async () => {
      const look = await lookOf(path, sha256);
      if (this.#verified.get(path) === look) return;
      const { sha256: found } = await contentOfFile(path);
      if (found !== sha256)
        throw new ArchiveStorageError('archive_object_damaged', `${key} doesn't have the SHA-256 ${sha256}.`);
      if (this.#verified.size >= MOST_KNOWN) this.#verified.clear();
      this.#verified.set(path, look);
    });
  }
}

async function lookOf(path: string, sha256: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs, sha256].join(' ');
}
