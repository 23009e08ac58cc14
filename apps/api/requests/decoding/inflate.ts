import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type BrotliDecompress,
  type Gunzip,
  type Inflate,
  type InflateRaw,
} from 'node:zlib';
import type { ContentEncoding } from './content-encoding.js';
import { BROKEN, CUT, damaged, TRAILING } from './damage.js';
import type { DecodedBytes } from './decoded-bytes.js';

type Engine = Gunzip | Inflate | InflateRaw | BrotliDecompress;

/** What Node's zlib decodes. */
export type ZlibEncoding = Exclude<ContentEncoding, 'zstd'>;

/**
 * Decodes on the threads of the runtime, a piece of 64 KiB at a time; ends as soon as the bounds are passed.
 *
 * @throws Problem `encoding_damaged`, and what `decoded` throws
 */
export function inflate(encoding: ZlibEncoding, body: Buffer, decoded: DecodedBytes): Promise<void> {
  const engine = engineOf(encoding, body);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      engine.destroy();
      reject(error);
    };
    engine.on('data', (piece: Buffer) => {
      try {
        decoded.add(piece, engine.bytesWritten);
      } catch (error) {
        fail(error);
      }
    });
    engine.on('error', (error: Error & { readonly code?: string }) =>
      fail(damaged(encoding, error.code === 'Z_BUF_ERROR' ? CUT : BROKEN, error)),
    );
    engine.on('end', () => {
      if (engine.bytesWritten < body.length) fail(damaged(encoding, TRAILING));
      else resolve();
    });
    engine.end(body);
  });
}

function engineOf(encoding: ZlibEncoding, body: Buffer): Engine {
  const options = { chunkSize: 64 * 1024 };
  if (encoding === 'br') return createBrotliDecompress(options);
  if (encoding === 'gzip') return createGunzip(options);
  return hasZlibHeader(body) ? createInflate(options) : createInflateRaw(options);
}

/**
 * HTTP's deflate is zlib's format, but some senders leave its header out. The two can be told apart: a raw body that
 * begins with these bits would be a stored block whose padding isn't zero.
 */
function hasZlibHeader(body: Buffer): boolean {
  const [method = 0, flags = 0] = body;
  return (method & 0x0f) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0;
}
