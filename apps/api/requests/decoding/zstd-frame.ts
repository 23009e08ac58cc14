import { Problem } from '../../problems/problem.js';
import { CUT, damaged, TRAILING } from './damage.js';

/** Bytes; RFC 9659 allows no larger window in a content encoding, since a decoder has to hold it in memory. */
const MAX_WINDOW = 8 * 1024 * 1024;
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/**
 * Judges the header of a zstd frame before any memory is taken for it.
 *
 * @param at where in the body the frame begins
 * @throws Problem `encoding_damaged`, `unsupported_encoding` where its window is too large
 */
export function checkZstdFrame(body: Buffer, at: number): void {
  if (at + 6 > body.length) throw damaged('zstd', at === 0 ? CUT : TRAILING);
  const magic = body.readUInt32LE(at);
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) return;
  if (magic !== MAGIC) throw damaged('zstd', at === 0 ? 'has no zstd header' : TRAILING);
  const window = windowOf(body, at + 4);
  if (window === undefined) throw damaged('zstd', CUT);
  if (window > MAX_WINDOW)
    throw new Problem('unsupported_encoding', `The zstd body needs a window of ${window} bytes.`, {
      mend: `Compress it with a window of at most ${MAX_WINDOW} bytes (zstd --long=23 or a level up to 19).`,
    });
}

/** Bytes that the frame's decoder has to hold (RFC 8878, 3.1.1.1); undefined where the header breaks off. */
function windowOf(body: Buffer, at: number): number | undefined {
  const descriptor = body[at] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if (!isSingleSegment) return windowOfDescriptor(body[at + 1] ?? 0);
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6] ?? 1;
  const from = at + 1 + dictionaryBytes;
  if (from + sizeBytes > body.length) return undefined;
  if (sizeBytes === 8) return Number(body.readBigUInt64LE(from));
  return body.readUIntLE(from, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}

function windowOfDescriptor(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
