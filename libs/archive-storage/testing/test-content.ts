import { createHash } from 'node:crypto';
import { contentOfBytes, type ObjectContent } from '../object-content.js';

/** Larger than any adapter puts in one piece, and no multiple of its parts. */
export const LARGE_BYTES = 18 * 2 ** 20 + 7;

/** So many bytes that look random, the same for the same seed. */
export function testBytes(bytes: number, seed = 'a'): Buffer {
  const block = Buffer.concat(
    Array.from({ length: 2_048 }, (_, n) => createHash('sha256').update(`${seed}${n}`).digest()),
  );
  return Buffer.concat(
    Array.from({ length: Math.ceil(bytes / block.length) }, () => block),
    bytes,
  );
}

export const textContent = (text: string): ObjectContent => contentOfBytes(Buffer.from(text));

/** The content of these bytes in pieces that no adapter's own are as long as. */
export function inPieces(bytes: Buffer): ObjectContent {
  const whole = contentOfBytes(bytes);
  const piece = 300_007;
  return {
    ...whole,
    open: async function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}

/** Content that ends with an error when so many bytes were read. */
export function breakingContent(bytes: Buffer, after: number): ObjectContent {
  return {
    ...contentOfBytes(bytes),
    open: async function* () {
      yield bytes.subarray(0, after);
      throw new Error('the source broke');
    },
  };
}

export async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
