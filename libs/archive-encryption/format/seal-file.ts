import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { NONCE_BYTES, sealBytes } from '../ciphers.js';
import type { TenantKey } from '../master-keys.js';
import { ByteReader } from './byte-reader.js';
import { keyOfFile, writeHeader } from './sealed-header.js';

/** Bytes of content in a piece: what is held in memory. */
const CHUNK_BYTES = 256 * 1_024;
const INDEX_BYTES = 4;

/** What is to be encrypted: its bytes and their sum (SHA-256, hex), known before. */
export interface ClearContent {
  readonly bytes: number;
  readonly sha256: string;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * Writes a content into a new file, encrypted. The same content for the same folder with the same key is the same bytes, so a
 * put that is made again meets itself; no two contents share a key and a nonce, since a file's key is made of their sum.
 *
 * @throws Error where the content is not of its length and sum: a file's key must never be used for two
 * @param folder of the object that it is to be: it opens as nothing else
 */
export async function sealFile(
  content: ClearContent,
  { path, folder, key }: { readonly path: string; readonly folder: string; readonly key: TenantKey },
): Promise<void> {
  const { id, key_id, wrapped } = key;
  const { bytes, sha256 } = content;
  const header = writeHeader({
    ...{ bytes, chunk: CHUNK_BYTES, folder, sha256 },
    tenant_key: { id, key_id, wrapped },
  });
  const fileKey = keyOfFile(key.key, header);
  const reader = new ByteReader(content.open());
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    await file.appendFile(header);
    for (let index = 0, left = bytes; index === 0 || left > 0; index += 1, left -= CHUNK_BYTES) {
      const chunk = await reader.take(Math.min(CHUNK_BYTES, left));
      hash.update(chunk);
      await file.appendFile(sealChunk(fileKey, index, chunk));
    }
    if (hash.digest('hex') !== sha256) throw new Error('A file of archives changed while it was encrypted.');
    await file.sync();
  } finally {
    await reader.close();
    await file.close();
  }
}

/** The index stands before each piece and is its nonce: a piece in another's place doesn't open. */
export function nonceOf(index: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(NONCE_BYTES - INDEX_BYTES), index]);
}

export function indexOf(index: number): Buffer {
  const bytes = Buffer.alloc(INDEX_BYTES);
  bytes.writeUInt32BE(index);
  return bytes;
}

function sealChunk(key: Buffer, index: number, bytes: Buffer): Buffer {
  const at = indexOf(index);
  return Buffer.concat([at, sealBytes(bytes, { key, nonce: nonceOf(at), bound: at })]);
}
