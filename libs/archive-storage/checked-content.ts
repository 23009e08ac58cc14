import { createHash } from 'node:crypto';
import { ArchiveStorageError, type ArchiveStorageErrorCode } from './archive-storage.errors.js';

export interface Expected {
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
}

/**
 * Passes on what is read, and fails in place of its end where it isn't as long as expected or has another sum; at once
 * where it is longer.
 */
export async function* checkedContent(
  source: AsyncIterable<Uint8Array>,
  expected: Expected,
  { code, what }: { readonly code: ArchiveStorageErrorCode; readonly what: string },
): AsyncGenerator<Uint8Array> {
  const hash = expected.sha256 === undefined ? undefined : createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > (expected.bytes ?? Infinity)) break;
    hash?.update(chunk);
    yield chunk;
  }
  if (expected.bytes !== undefined && bytes !== expected.bytes)
    throw new ArchiveStorageError(
      code,
      `${what} has ${bytes > expected.bytes ? 'more' : bytes} bytes, not ${expected.bytes}.`,
    );
  if (hash && hash.digest('hex') !== expected.sha256)
    throw new ArchiveStorageError(code, `${what} doesn't have the SHA-256 ${expected.sha256}.`);
}
