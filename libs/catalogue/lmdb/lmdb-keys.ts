import { createHash } from 'node:crypto';

/** LMDB's keys end at 1,978 bytes: collection and id of 1,000 bytes each would not fit. */
const MAX_PLAIN_COLLECTION_BYTES = 900;
const SEPARATOR = Buffer.from([0]);
/** Above every byte of UTF-8. */
const BEHIND_ALL = Buffer.from([0xff]);

/**
 * What the keys of a collection begin with. A long name is replaced by its hash, marked by a NUL that no name has.
 */
export function collectionStart(collection: string): Buffer {
  const name = Buffer.from(collection);
  const part = name.length > MAX_PLAIN_COLLECTION_BYTES ? hashed(name) : name;
  return Buffer.concat([part, SEPARATOR]);
}

function hashed(name: Buffer): Buffer {
  return Buffer.from(`\0${createHash('sha256').update(name).digest('hex')}`);
}

/** The key of one document. */
export function documentKey(collection: string, id: string): Buffer {
  return Buffer.concat([collectionStart(collection), Buffer.from(id)]);
}

/** The keys from `start` (inclusive) to `end` (exclusive) that a scan reads. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

/** The keys of a collection whose id begins with `prefix` and comes behind `after`. */
export function keyRange(collection: string, prefix = '', after?: string): KeyRange {
  const start = documentKey(collection, prefix);
  // The shortest key behind `after` is `after` and a NUL.
  const behind = after === undefined ? start : Buffer.concat([documentKey(collection, after), SEPARATOR]);
  return {
    start: Buffer.compare(behind, start) > 0 ? behind : start,
    end: Buffer.concat([start, BEHIND_ALL]),
  };
}

/** The name of the collection that a key belongs to; undefined where the key has but its hash. */
export function collectionOf(key: Buffer): string | undefined {
  return key[0] === 0 ? undefined : key.subarray(0, key.indexOf(0)).toString();
}

/** Behind every key of the collection that this key belongs to. */
export function behindCollectionOf(key: Buffer): Buffer {
  const end = key.indexOf(0, key[0] === 0 ? 1 : 0);
  return Buffer.concat([key.subarray(0, end), Buffer.from([1])]);
}
