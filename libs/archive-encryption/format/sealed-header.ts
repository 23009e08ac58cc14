import { z } from 'zod';
import { ArchiveEncryptionError } from '../archive-encryption.errors.js';
import { deriveKey, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from '../ciphers.js';
import type { ByteReader } from './byte-reader.js';

/** At the beginning of each encrypted file, with the version behind it. */
const MAGIC = Buffer.from('ALVARCH');
export const SEALED_VERSION = 1;
const LENGTH_BYTES = 4;
const MAX_HEADER = 8_192;
const WRAPPED_DIGITS = Math.ceil((NONCE_BYTES + KEY_BYTES + TAG_BYTES) / 3) * 4;

const id = z.string().regex(/^[0-9a-f]{16}$/);
const headerSchema = z.strictObject({
  /** Bytes of the content. */
  bytes: z.int().min(0),
  /** Bytes of it in each piece; the last one has the rest. */
  chunk: z
    .int()
    .min(1)
    .max(16 * 2 ** 20),
  /** Where it belongs: its object's folder, with a slash at its end. */
  folder: z.string().regex(/^tenant=[^/]+\/(?:[^/]+\/)*$/),
  /** Of the content. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tenant_key: z.strictObject({ id, key_id: id, wrapped: z.base64().length(WRAPPED_DIGITS) }),
});

/** What an encrypted file says before its pieces. Nobody can change it: the file's key is made of it. */
export type SealedHeader = z.infer<typeof headerSchema>;

export interface ReadHeader {
  readonly header: SealedHeader;
  /** As it stands in the file. */
  readonly bytes: Buffer;
}

/** A header as it stands in a file. */
export function writeHeader(header: SealedHeader): Buffer {
  const text = Buffer.from(JSON.stringify(headerSchema.parse(header)));
  const before = Buffer.alloc(MAGIC.length + 1 + LENGTH_BYTES);
  MAGIC.copy(before);
  before.writeUInt8(SEALED_VERSION, MAGIC.length);
  before.writeUInt32BE(text.length, MAGIC.length + 1);
  return Buffer.concat([before, text]);
}

/** @throws ArchiveEncryptionError `archive_sealed_unknown`, `archive_sealed_truncated` */
export async function readHeader(reader: ByteReader, what: string): Promise<ReadHeader> {
  const before = await reader.take(MAGIC.length + 1 + LENGTH_BYTES);
  if (!before.subarray(0, MAGIC.length).equals(MAGIC)) throw unknown(what, 'it does not begin like one');
  if (before.length < MAGIC.length + 1 + LENGTH_BYTES) throw truncated(what);
  const version = before.readUInt8(MAGIC.length);
  if (version !== SEALED_VERSION)
    throw unknown(
      what,
      `it has the version ${version}, and this one knows ${SEALED_VERSION}: take a newer one`,
    );
  const length = before.readUInt32BE(MAGIC.length + 1);
  if (length > MAX_HEADER) throw unknown(what, `its header has more than ${MAX_HEADER} bytes`);
  const text = await reader.take(length);
  if (text.length < length) throw truncated(what);
  return { header: parse(text, what), bytes: Buffer.concat([before, text]) };
}

/** The key of one file, out of its tenant's. */
export function keyOfFile(tenantKey: Uint8Array, header: Buffer): Buffer {
  return deriveKey(tenantKey, 'alluvium archive file', header);
}

export function tenantOf({ folder }: SealedHeader): string {
  return folder.slice('tenant='.length, folder.indexOf('/'));
}

export function truncated(what: string): ArchiveEncryptionError {
  return new ArchiveEncryptionError(
    'archive_sealed_truncated',
    `${what} ends before its end: it was cut off.`,
  );
}

function parse(text: Buffer, what: string): SealedHeader {
  try {
    return headerSchema.parse(JSON.parse(text.toString('utf8')));
  } catch (cause) {
    throw unknown(what, 'its header is none', cause);
  }
}

function unknown(what: string, why: string, cause?: unknown): ArchiveEncryptionError {
  const text = `${what} is no encrypted file of archives that can be read: ${why}.`;
  return new ArchiveEncryptionError('archive_sealed_unknown', text, cause);
}
