import type { Block } from '#event-model';
import { quoteText } from '../schema/names.js';

const LF = 10;
/** Of a row besides its source and line: block, row, time of acceptance. */
const FIXED_BYTES = 16 + 4 + 8;
/** Longest length of a line or a source, as RowBinary writes it: seven bits a byte. */
const LENGTH_BYTES = 5;
const NONE = new Uint8Array();
/** Bytes that are encoded at once. */
const PIECE = 1024 * 1024;

/**
 * The lines of blocks as rows with what they must know of their block, in the engine's format RowBinary. Each has the text
 * line that it was made of, empty where it came as it is.
 */
export function* encodePieces(blocks: readonly Block[]): Generator<Buffer> {
  for (const some of piecesOf(blocks)) yield encodeRows(some);
}

function encodeRows(blocks: readonly Block[]): Buffer {
  const rows = Buffer.allocUnsafe(blocks.reduce((sum, block) => sum + rowBytes(block), 0));
  const end = blocks.reduce((at, block) => writeRows(rows, at, block), 0);
  return rows.subarray(0, end);
}

/**
 * Keeps the conditions of a statement out of `file(…)`, and leaves no row away (a batch has fewer): the engine would look
 * for files that they rule out, which takes longer than to insert a few thousand rows.
 */
export const NOT_PUSHED_DOWN = 'LIMIT 4294967296';

/** `file(…)` over what {@link encodePieces} made, as rows of the entry table. */
export function selectRows(path: string): string {
  const columns =
    'block FixedString(16), row UInt32, received Int64, source String, line String, original String';
  const received = "fromUnixTimestamp64Nano(received, 'UTC') AS received_at";
  return `(SELECT block, row, ${received}, source, line, original FROM file(${quoteText(path)}, RowBinary, '${columns}') ${NOT_PUSHED_DOWN})`;
}

/** Room enough for the block's rows. */
function rowBytes({ header, body, raw }: Block): number {
  const each = FIXED_BYTES + 3 * LENGTH_BYTES + Buffer.byteLength(header.source);
  return body.byteLength + (raw?.byteLength ?? 0) + header.count * each;
}

function writeRows(rows: Buffer, start: number, { header, body, raw, rows: numbers }: Block): number {
  const lines = bufferOf(body);
  const originals = bufferOf(raw ?? NONE);
  const id = Buffer.from(header.id, 'hex');
  const source = Buffer.from(header.source);
  let at = start;
  let original = 0;
  for (let from = 0, line = 0; from < lines.length; line += 1) {
    const end = lines.indexOf(LF, from);
    at += id.copy(rows, at);
    at = rows.writeUInt32LE(numbers?.[line] ?? line, at);
    at = rows.writeBigInt64LE(header.receivedAt, at);
    at = writeText(rows, at, source, 0, source.length);
    at = writeText(rows, at, lines, from, end);
    from = end + 1;
    const originalEnd = raw ? originals.indexOf(LF, original) : 0;
    at = writeText(rows, at, originals, original, originalEnd);
    original = raw ? originalEnd + 1 : 0;
  }
  return at;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeText(rows: Buffer, start: number, ...[text, from, end]: [Buffer, number, number]): number {
  let at = start;
  let length = end - from;
  for (; length > 0x7f; length >>>= 7) at = rows.writeUInt8((length & 0x7f) | 0x80, at);
  at = rows.writeUInt8(length, at);
  return at + text.copy(rows, at, from, end);
}

/** Blocks in groups of about {@link PIECE}, so that encoding them never holds up requests. */
function* piecesOf(blocks: readonly Block[]): Generator<readonly Block[]> {
  let piece: Block[] = [];
  let bytes = 0;
  for (const block of blocks) {
    piece.push(block);
    bytes += block.body.byteLength + (block.raw?.byteLength ?? 0);
    if (bytes < PIECE) continue;
    yield piece;
    [piece, bytes] = [[], 0];
  }
  if (piece.length > 0) yield piece;
}
