import { ArchiveStorageError } from './archive-storage.errors.js';
import type { ByteRange } from './archive-storage.port.js';

const KEY = /^(?:[a-z0-9_=][a-z0-9_=-]*\/)*[a-z0-9_=][a-z0-9_=-]*\.[a-z0-9._=-]*$/;
const PREFIX = /^(?:[a-z0-9_=][a-z0-9_=-]*\/)*(?:[a-z0-9_=][a-z0-9._=-]*)?$/;
/** Bytes: a store takes 1,024 with its own prefix, a file system a name of 255. */
const MAX_KEY = 700;
const MAX_NAME = 200;

export const MAX_LISTED = 1_000;

/** @throws ArchiveStorageError `archive_key_invalid`, before any store sees it */
export function checkKey(key: string): void {
  if (!KEY.test(key) || isLong(key)) throw invalid('key', key);
}

/** @throws ArchiveStorageError `archive_key_invalid` */
export function checkPrefix(prefix: string): void {
  if (!PREFIX.test(prefix) || isLong(prefix)) throw invalid('prefix', prefix);
}

/** @throws ArchiveStorageError `archive_range_invalid` */
export function checkRange({ offset, length }: ByteRange): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 1) return;
  throw new ArchiveStorageError(
    'archive_range_invalid',
    `No range of bytes begins at ${offset} and has ${length}: give whole numbers from 0 and from 1.`,
  );
}

function isLong(key: string): boolean {
  return key.length > MAX_KEY || key.split('/').some(({ length }) => length > MAX_NAME);
}

function invalid(what: string, text: string): ArchiveStorageError {
  return new ArchiveStorageError(
    'archive_key_invalid',
    `${JSON.stringify(String(text).slice(0, 200))} can't be the ${what} of an object: give folders of a-z, 0-9, _, = and -, and a name with a dot; up to ${MAX_NAME} characters each, ${MAX_KEY} in all.`,
  );
}
