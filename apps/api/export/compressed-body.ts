import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { Compression } from './export-request.schema.js';

type Bytes = AsyncIterable<Uint8Array>;

/** Bytes that are compressed at one time, so that requests beside it don't wait. */
const ZSTD_PIECE = 256 * 1024;
const ZSTD_LEVEL = 3;

/** The bytes of a file, compressed as a whole; what is under way is bounded. */
export function compressedBody(bytes: Bytes, compression: Compression): Bytes {
  if (compression === 'gzip') return gzipBody(bytes);
  return compression === 'zstd' ? zstdBody(bytes) : bytes;
}

async function* gzipBody(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes);
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 65_536 });
  source.on('error', (error) => gzip.destroy(error));
  try {
    yield* source.pipe(gzip) as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    gzip.destroy();
  }
}

/** A frame for each piece: the format joins them, and so a download may go on with new ones. */
async function* zstdBody(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const { Zstd } = await import('@hpcc-js/wasm-zstd');
  const zstd = await Zstd.load();
  for await (const piece of bytes)
    for (let start = 0; start < piece.length; start += ZSTD_PIECE)
      yield zstd.compress(piece.subarray(start, start + ZSTD_PIECE), ZSTD_LEVEL);
}
