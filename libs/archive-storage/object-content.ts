import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What is to be put: with its sum from the beginning, and read again where the first try fails. */
export interface ObjectContent {
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly sha256: string;
  /** The content from its beginning; each call anew. */
  open(): AsyncIterable<Uint8Array>;
}

/** Bytes in memory. They must not change any more. */
export function contentOfBytes(bytes: Uint8Array): ObjectContent {
  return {
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    open: async function* () {
      yield bytes;
    },
  };
}

/** A file, which is read for its sum now, and once more for each try to put it. */
export async function contentOfFile(path: string): Promise<ObjectContent> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  const { size } = await stat(path);
  return { bytes: size, sha256: hash.digest('hex'), open: () => createReadStream(path) };
}
