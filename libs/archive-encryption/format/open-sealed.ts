import { createHash } from 'node:crypto';
import { ArchiveEncryptionError } from '../archive-encryption.errors.js';
import { openBytes, TAG_BYTES } from '../ciphers.js';
import type { MasterKeys } from '../master-keys.js';
import { ByteReader } from './byte-reader.js';
import { indexOf, nonceOf } from './seal-file.js';
import { keyOfFile, readHeader, tenantOf, truncated, type SealedHeader } from './sealed-header.js';

/** What an encrypted file must be. */
export interface ExpectedFile {
  /** Key of its object. */
  readonly key: string;
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
}

/**
 * Decrypts what is read of a file, piece by piece: each is given away when it was found to be unchanged and in its place.
 * What was given away is the whole content once the iteration has ended without an error.
 *
 * @throws ArchiveEncryptionError
 */
export async function* openSealed(
  source: AsyncIterable<Uint8Array>,
  expected: ExpectedFile,
  keys: MasterKeys,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source);
  try {
    const { header, bytes } = await readHeader(reader, expected.key);
    requireSame(header, expected);
    const tenantKey = keys.unwrap(tenantOf(header), header.tenant_key, expected.key);
    yield* openChunks(reader, { header, key: keyOfFile(tenantKey, bytes), what: expected.key });
  } finally {
    await reader.close();
  }
}

async function* openChunks(
  reader: ByteReader,
  file: { readonly header: SealedHeader; readonly key: Buffer; readonly what: string },
): AsyncGenerator<Uint8Array> {
  const { header, what } = file;
  const hash = createHash('sha256');
  for (let index = 0, left = header.bytes; index === 0 || left > 0; index += 1, left -= header.chunk) {
    const chunk = await openChunk(reader, file, { index, bytes: Math.min(left, header.chunk) });
    hash.update(chunk);
    yield chunk;
  }
  if ((await reader.take(1)).length > 0)
    throw new ArchiveEncryptionError('archive_sealed_truncated', `${what} goes on behind its end.`);
  if (hash.digest('hex') !== header.sha256) throw tampered(what);
}

async function openChunk(
  reader: ByteReader,
  { key, what }: { readonly key: Buffer; readonly what: string },
  { index, bytes }: { readonly index: number; readonly bytes: number },
): Promise<Buffer> {
  const wanted = indexOf(index);
  const [at, sealed] = [await reader.take(wanted.length), await reader.take(bytes + TAG_BYTES)];
  if (at.length < wanted.length) throw truncated(what);
  if (!at.equals(wanted))
    throw new ArchiveEncryptionError(
      'archive_sealed_misordered',
      `${what} has the piece ${at.readUInt32BE()} where its piece ${index} belongs: pieces were moved.`,
    );
  if (sealed.length < bytes + TAG_BYTES) throw truncated(what);
  const opened = openBytes(sealed, { key, nonce: nonceOf(at), bound: at });
  if (!opened) throw tampered(what);
  return opened;
}

function requireSame({ folder, sha256 }: SealedHeader, expected: ExpectedFile): void {
  const own = expected.key.slice(0, expected.key.lastIndexOf('/') + 1);
  if (folder === own && sha256 === expected.sha256) return;
  const of = folder === own ? 'other events of the same day' : `the unit in ${folder}`;
  throw new ArchiveEncryptionError('archive_sealed_of_other', `${expected.key} is a file of ${of}.`);
}

function tampered(what: string): ArchiveEncryptionError {
  return new ArchiveEncryptionError(
    'archive_sealed_tampered',
    `${what} was changed: it is not what was encrypted.`,
  );
}
