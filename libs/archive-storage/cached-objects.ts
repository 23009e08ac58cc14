import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ArchiveStorageError } from './archive-storage.errors.js';
import type { ArchiveStorage } from './archive-storage.port.js';
import { LocalObjects, type HeldObjects, type WantedObject } from './local-objects.js';

interface Entry {
  readonly bytes: number;
  readonly ready: Promise<string>;
  /** How many hold it. */
  holders: number;
}

/** Writes an object into a file, whole or not at all: to be told from what is there by who renames it. */
export type WriteFile = (object: WantedObject, path: string) => Promise<void>;

/**
 * Objects in a directory of bounded size for the owner of the process alone, by their sums; emptied at start. What nobody holds, the longest
 * unused first, makes room for what is wanted.
 */
export class CachedObjects extends LocalObjects {
  /** By their sums, the longest unused first. */
  readonly #entries = new Map<string, Entry>();
  readonly #emptied: Promise<void>;

  constructor(
    private readonly write: WriteFile,
    private readonly place: { readonly directory: string; readonly maxBytes: number },
  ) {
    super();
    this.#emptied = rm(place.directory, { recursive: true, force: true }).then(async () => {
      await mkdir(place.directory, { recursive: true, mode: 0o700 });
    });
    this.#emptied.catch(() => undefined);
  }

  async hold(wanted: readonly WantedObject[]): Promise<HeldObjects> {
    await this.#emptied;
    const objects = new Map(wanted.map((object) => [object.sha256, object]));
    const held = await this.#take([...objects.values()]);
    let isHeld = true;
    const release = (): void => {
      if (isHeld) for (const entry of held.values()) entry.holders -= 1;
      isHeld = false;
    };
    try {
      const paths = new Map<string, string>();
      for (const { key, sha256 } of wanted) paths.set(key, (await held.get(sha256)?.ready) ?? '');
      return { paths, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Without a pause in between, so that two who want much at once don't both believe that there is room. */
  async #take(objects: readonly WantedObject[]): Promise<ReadonlyMap<string, Entry>> {
    const gone = this.#makeRoom(objects);
    const held = new Map<string, Entry>();
    for (const object of objects) {
      const entry = this.#entries.get(object.sha256) ?? this.#fetch(object, gone);
      entry.holders += 1;
      this.#entries.delete(object.sha256);
      this.#entries.set(object.sha256, entry);
      held.set(object.sha256, entry);
    }
    return held;
  }

  /** @returns when the files that were given up are gone */
  #makeRoom(objects: readonly WantedObject[]): Promise<unknown> {
    const { maxBytes } = this.place;
    const all = sum(objects);
    if (all > maxBytes)
      throw new ArchiveStorageError(
        'archive_cache_too_small',
        `${all} bytes of archives are to be read at once, and ${maxBytes} may be held on this machine.`,
      );
    const wanted = new Set(objects.map(({ sha256 }) => sha256));
    const others = [...this.#entries].filter(([sha256]) => !wanted.has(sha256));
    const free = others.filter(([, { holders }]) => holders === 0);
    let over = all + sum(others.map(([, entry]) => entry)) - maxBytes;
    if (over > sum(free.map(([, entry]) => entry)))
      throw new ArchiveStorageError(
        'archive_cache_busy',
        `Other questions hold so much of the ${maxBytes} bytes for archives on this machine that ${all} have no room now.`,
      );
    const given: Promise<unknown>[] = [];
    for (const [sha256, { bytes }] of free) {
      if (over <= 0) break;
      over -= bytes;
      this.#entries.delete(sha256);
      given.push(rm(this.#pathOf(sha256), { force: true }));
    }
    return Promise.all(given);
  }

  #fetch(object: WantedObject, after: Promise<unknown>): Entry {
    const { bytes, sha256 } = object;
    const path = this.#pathOf(sha256);
    const ready = after.then(async () => {
      const incoming = `${path}.incoming`;
      try {
        await this.write(object, incoming);
        await rename(incoming, path);
      } catch (error) {
        await rm(incoming, { force: true });
        throw error;
      }
      return path;
    });
    const entry: Entry = { bytes, ready, holders: 0 };
    ready.catch(() => this.#entries.get(sha256) === entry && this.#entries.delete(sha256));
    return entry;
  }

  #pathOf(sha256: string): string {
    return join(this.place.directory, `${sha256}.parquet`);
  }
}

/** Objects as they are in their store. */
export function copiesOf(storage: Pick<ArchiveStorage, 'get'>): WriteFile {
  return async ({ key, sha256 }, path) => {
    await pipeline(Readable.from(await storage.get(key, { sha256 })), createWriteStream(path));
  };
}

function sum(objects: readonly { readonly bytes: number }[]): number {
  return objects.reduce((all, { bytes }) => all + bytes, 0);
}
