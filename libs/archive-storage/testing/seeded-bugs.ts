import type { ArchiveStorage, ListedObject, ListOptions, ReadOptions } from '../archive-storage.port.js';
import { contentOfBytes, type ObjectContent } from '../object-content.js';
import type { ArchiveStoragePromise } from './contract-case.js';
import { ForwardingStorage } from './forwarding-storage.js';
import { readAll } from './test-content.js';

/** Puts as a store without conditions does: the last one counts. */
class WritesOver extends ForwardingStorage {
  override async put(key: string, content: ObjectContent): Promise<{ readonly added: boolean }> {
    const was = await this.right.head(key);
    if (was && was.sha256 !== content.sha256) await this.right.delete(key);
    return this.right.put(key, content);
  }
}

/** Takes whatever is under the key for what was to be put. */
class TakesOthersForItsOwn extends ForwardingStorage {
  override async put(key: string, content: ObjectContent): Promise<{ readonly added: boolean }> {
    return this.right.put(key, content).catch((error: { code?: string }) => {
      if (error.code === 'archive_object_exists') return { added: false };
      throw error;
    });
  }
}

/** Keeps what it read, whatever the sum says, also of a source that broke off. */
class KeepsWhatCame extends ForwardingStorage {
  override async put(key: string, content: ObjectContent): Promise<{ readonly added: boolean }> {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of content.open()) chunks.push(chunk);
    } catch {
      // What there is.
    }
    return this.right.put(key, contentOfBytes(Buffer.concat(chunks)));
  }
}

/** Answers before the store has it. */
class AnswersFirst extends ForwardingStorage {
  override async put(key: string, content: ObjectContent): Promise<{ readonly added: boolean }> {
    if (await this.right.head(key)) return this.right.put(key, content);
    setTimeout(() => void this.right.put(key, content).catch(() => undefined), 30);
    return { added: true };
  }
}

class IgnoresRanges extends ForwardingStorage {
  override get(key: string): Promise<AsyncIterable<Uint8Array>> {
    return this.right.get(key);
  }
}

/** As one that takes the end of a range for its last byte's place, once too often. */
class LosesLastByte extends ForwardingStorage {
  override async get(key: string, options: ReadOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    const bytes = await readAll(await this.right.get(key, options));
    return contentOfBytes(options.range ? bytes.subarray(0, -1) : bytes).open();
  }
}

class ForgetsSums extends ForwardingStorage {
  override get(key: string, { range }: ReadOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    return this.right.get(key, range && { range });
  }
}

/** Gives one page and takes it for all. */
class HasOnePage extends ForwardingStorage {
  override async list(prefix: string, options: ListOptions = {}): Promise<readonly ListedObject[]> {
    return options.after === undefined ? this.right.list(prefix, options) : [];
  }
}

/** Takes a prefix for a folder. */
class ListsFolders extends ForwardingStorage {
  override async list(prefix: string, options?: ListOptions): Promise<readonly ListedObject[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    return (await this.right.list(prefix, options)).filter(({ key }) => prefix === folder || key === prefix);
  }
}

class RefusesMissing extends ForwardingStorage {
  override async delete(key: string): Promise<void> {
    for await (const _ of await this.right.get(key));
    await this.right.delete(key);
  }
}

/** Removes the folder with the object. */
class RemovesNeighbours extends ForwardingStorage {
  override async delete(key: string): Promise<void> {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    for (const near of await this.right.list(folder)) await this.right.delete(near.key);
  }
}

/** Makes of a key what a path would be. */
class ResolvesKeys extends ForwardingStorage {
  override put(key: string, content: ObjectContent): Promise<{ readonly added: boolean }> {
    return this.right.put(key.replaceAll('../', '').replace(/^\/+/, ''), content);
  }
}

class GoesOnAfterStop extends ForwardingStorage {
  override async stop(): Promise<void> {
    // Never.
  }
}

interface SeededBug {
  readonly bug: string;
  readonly breaks: ArchiveStoragePromise;
  readonly wrap: (right: ArchiveStorage) => ArchiveStorage;
}

/** Storages with one fault each, and the part of the promise that the contract must find broken. */
export const SEEDED_BUGS: readonly SeededBug[] = [
  { bug: 'writes over', breaks: 'once', wrap: (right) => new WritesOver(right) },
  { bug: 'takes others for its own', breaks: 'once', wrap: (right) => new TakesOthersForItsOwn(right) },
  { bug: 'keeps what came', breaks: 'whole', wrap: (right) => new KeepsWhatCame(right) },
  { bug: 'answers first', breaks: 'durable', wrap: (right) => new AnswersFirst(right) },
  { bug: 'ignores ranges', breaks: 'read', wrap: (right) => new IgnoresRanges(right) },
  { bug: 'loses the last byte', breaks: 'read', wrap: (right) => new LosesLastByte(right) },
  { bug: 'forgets sums', breaks: 'sum', wrap: (right) => new ForgetsSums(right) },
  { bug: 'has one page', breaks: 'list', wrap: (right) => new HasOnePage(right) },
  { bug: 'lists folders', breaks: 'list', wrap: (right) => new ListsFolders(right) },
  {
    bug: 'refuses to delete what is not there',
    breaks: 'delete',
    wrap: (right) => new RefusesMissing(right),
  },
  { bug: 'removes neighbours', breaks: 'delete', wrap: (right) => new RemovesNeighbours(right) },
  { bug: 'resolves keys', breaks: 'keys', wrap: (right) => new ResolvesKeys(right) },
  { bug: 'goes on after stop', breaks: 'stop', wrap: (right) => new GoesOnAfterStop(right) },
];
