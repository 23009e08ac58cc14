import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rm, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import type { ByteRange, ListedObject, ObjectHead } from '../archive-storage.port.js';
import type { ObjectContent } from '../object-content.js';
import type { ObjectStore, OpenObject } from '../object-store.js';
import type { DirectoryPlace } from '../storage-place.js';
import { fileCode, onDisk } from './disk-faults.js';
import { makeFolder, pathOf, removeEmptyFolders, syncFolder, syncRemoval } from './folders.js';
import { walk } from './listing.js';

/** Where files are written before they have their name; no key begins with a dot. */
const INCOMING = '.incoming';
/** A folder that was made may be removed again by who empties it, before the file has its name. */
const NAMING_TRIES = 10;
const STALE_MS = 86_400_000;
const READ_BYTES = 256 * 1024;
/** A file, never what a link leads to. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW;

/** A file for each object: written aside, made durable, then linked to its name, which fails where the name is taken. */
export class DiskStore implements ObjectStore {
  private constructor(
    private readonly root: string,
    private readonly is: { readonly mustExist?: boolean; readonly writer?: string },
  ) {}

  /**
   * Opens a directory, made when missing, and removes what a killed process had not finished: this one, where the place has a
   * writer; of others only what nobody has written to for a day.
   */
  static open({ directory, writer = '' }: DirectoryPlace): Promise<DiskStore> {
    return onDisk(`open ${directory}`, async () => {
      const incoming = join(directory, INCOMING);
      await mkdir(incoming, { recursive: true });
      for (const name of await readdir(incoming)) {
        const path = join(incoming, name);
        if (name.startsWith(writer) || (await isStale(path)))
          await rm(path, { recursive: true, force: true });
      }
      return new DiskStore(resolve(directory), { writer });
    });
  }

  /**
   * The same to read alone: nothing is made or removed. The directory need not be there yet, unless it must: then a disk that
   * isn't mounted doesn't look like one without objects.
   */
  static reading(directory: string, { mustExist = false } = {}): DiskStore {
    return new DiskStore(resolve(directory), { mustExist });
  }

  async putNew(key: string, content: ObjectContent): Promise<'stored' | 'exists'> {
    if (await onDisk(`look for ${key}`, () => this.#isThere(key))) return 'exists';
    const path = this.#incoming();
    try {
      await this.#write(path, key, content);
      return await onDisk(`name ${key}`, () => this.#name(path, key));
    } finally {
      await rm(path, { force: true });
    }
  }

  open(key: string, range?: ByteRange): Promise<OpenObject> {
    return onDisk(`read ${key}`, async () => {
      const path = await pathOf(this.root, key);
      const { size } = await lstat(path);
      const { offset, length } = range ?? { offset: 0, length: size };
      if (range && offset >= size)
        throw new ArchiveStorageError(
          'archive_range_outside',
          `${key} has ${size} bytes, and the range begins at ${offset}.`,
        );
      const bytes = Math.min(length, size - offset);
      return { bytes, body: readFrom(path, key, { offset, length: bytes }) };
    });
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    try {
      const { bytes, body } = await this.open(key);
      const hash = createHash('sha256');
      for await (const chunk of body) hash.update(chunk);
      return { bytes, sha256: hash.digest('hex') };
    } catch (error) {
      if (error instanceof ArchiveStorageError && error.code === 'archive_object_missing') return undefined;
      throw error;
    }
  }

  list(
    prefix: string,
    { limit, after }: { readonly limit: number; readonly after: string },
  ): Promise<readonly ListedObject[]> {
    return onDisk(`list ${prefix}`, async () => {
      if (this.is.mustExist) await this.#requireRoot();
      const found: ListedObject[] = [];
      for await (const key of walk(this.root, '', { prefix, after })) {
        const there = await lstat(join(this.root, key)).catch(() => undefined);
        if (there) found.push({ key, bytes: there.size });
        if (found.length === limit) break;
      }
      return found;
    });
  }

  delete(key: string): Promise<void> {
    return onDisk(`remove ${key}`, async () => {
      try {
        await unlink(await pathOf(this.root, key));
      } catch (error) {
        if (fileCode(error) === 'ENOENT') return;
        throw error;
      }
      await syncRemoval(this.root, key);
      await removeEmptyFolders(this.root, key);
    });
  }

  async #requireRoot(): Promise<void> {
    const there = await lstat(this.root).catch(() => undefined);
    if (!there)
      throw new ArchiveStorageError(
        'archive_storage_unavailable',
        `The directory ${this.root} is not there: is its disk mounted?`,
      );
  }

  /** Whether a file can be written, kept and named here. */
  check(): Promise<void> {
    return onDisk('write to the directory of the archives', async () => {
      const path = this.#incoming();
      try {
        await (await open(path, 'wx')).close();
        await link(path, `${path}.named`);
      } finally {
        await rm(path, { force: true });
        await rm(`${path}.named`, { force: true });
      }
    });
  }

  async close(): Promise<void> {
    // Nothing is open between calls.
  }

  #incoming(): string {
    const { writer = '' } = this.is;
    return join(this.root, INCOMING, `${writer}${randomUUID()}`);
  }

  async #isThere(key: string): Promise<boolean> {
    try {
      await lstat(await pathOf(this.root, key));
      return true;
    } catch (error) {
      if (fileCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  async #write(path: string, key: string, content: ObjectContent): Promise<void> {
    const what = `write ${key}`;
    const handle = await onDisk(what, () => open(path, 'wx', 0o640));
    try {
      for await (const chunk of content.open()) await onDisk(what, () => writeWhole(handle, chunk));
      await onDisk(what, () => handle.sync());
    } finally {
      await handle.close();
    }
  }

  async #name(path: string, key: string): Promise<'stored' | 'exists'> {
    for (let left = NAMING_TRIES; ; left -= 1)
      try {
        await makeFolder(this.root, key);
        const target = await pathOf(this.root, key);
        await link(path, target);
        await syncFolder(dirname(target));
        return 'stored';
      } catch (error) {
        if (fileCode(error) === 'EEXIST') return 'exists';
        if (fileCode(error) !== 'ENOENT' || left === 0) throw error;
      }
  }
}

async function isStale(path: string): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined);
  return there !== undefined && there.mtimeMs < Date.now() - STALE_MS;
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
}

async function* readFrom(
  path: string,
  key: string,
  { offset, length }: ByteRange,
): AsyncGenerator<Uint8Array> {
  const what = `read ${key}`;
  const handle = await onDisk(what, () => open(path, READ));
  try {
    for (let at = offset; at < offset + length;) {
      const bytes = Buffer.allocUnsafe(Math.min(READ_BYTES, offset + length - at));
      const { bytesRead } = await onDisk(what, () => handle.read(bytes, 0, bytes.length, at));
      if (bytesRead === 0) return;
      at += bytesRead;
      yield bytes.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
