import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const MAGIC = 0xbeefc0de;
const META_SEARCH_BYTES = 64;
/** Offsets behind the magic number of LMDB's meta page: page size, last page, transaction. */
const PAGE_SIZE_AT = 24;
const LAST_PAGE_AT = 120;
const TRANSACTION_AT = 128;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

/**
 * Fills a data file that lost its tail with zeros up to the length that its newest meta page tells. Reading behind the
 * end of a memory-mapped file kills the process; a page of zeros is found out by checksums.
 *
 * @returns Bytes that were missing.
 * @throws Error where the file is no log: LMDB would end the process on it.
 */
export function mendTornFile(directory: string): number {
  const path = join(directory, 'data.mdb');
  if (!existsSync(path)) return 0;
  const file = openSync(path, 'r+');
  try {
    const size = fstatSync(file).size;
    if (size === 0) return 0;
    const meta = newestMeta(file);
    const missing = Math.max(0, (meta.lastPage + 1) * meta.pageSize - size);
    if (missing > 0) ftruncateSync(file, size + missing);
    return missing;
  } finally {
    closeSync(file);
  }
}

function newestMeta(file: number): Meta {
  const first = readMeta(file, 0);
  const second = readMeta(file, first.pageSize);
  return second.transaction > first.transaction ? second : first;
}

function readMeta(file: number, position: number): Meta {
  const page = Buffer.alloc(512);
  readSync(file, page, 0, page.length, position);
  for (let at = 0; at < META_SEARCH_BYTES; at += 4) {
    if (page.readUInt32LE(at) === MAGIC) return parseMeta(page.subarray(at));
  }
  throw new Error('data.mdb does not begin as a log does');
}

function parseMeta(meta: Buffer): Meta {
  return {
    pageSize: meta.readUInt32LE(PAGE_SIZE_AT),
    lastPage: Number(meta.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: meta.readBigUInt64LE(TRANSACTION_AT),
  };
}
