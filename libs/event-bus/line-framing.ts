const LF = 10;
const CR = 13;
const SPACE = 32;
/** Bytes between two pauses of a framing in pieces: a few milliseconds of work. */
const PIECE_BYTES = 1024 * 1024;
/** Bytes looked at before the search by the runtime, whose call costs more than a short line. */
const SHORT_LINE = 16;

/** A body in which every line ends in one LF, none has a CR before it, and none is blank. */
export interface FramedLines {
  readonly body: Uint8Array;
  /** Lines. */
  readonly count: number;
}

/** A line longer than allowed; numbered from 1, as editors do. */
export interface LongLine {
  readonly tooLong: { readonly line: number; readonly bytes: number };
}

/**
 * Counts the lines of a body and makes it fit for a block. A body whose lines are clean is passed on as it is (a missing
 * last LF costs one copy); only one with CRs or blank lines is written anew. Lines of only spaces and tabs are blank.
 *
 * @param maxLineBytes Longest line allowed, without its end.
 */
export function frameLines(body: Uint8Array, maxLineBytes: number): FramedLines | LongLine {
  const framing = frameLinesInPieces(body, maxLineBytes);
  let step = framing.next();
  while (!step.done) step = framing.next();
  return step.value;
}

/** The same, with a pause after each mebibyte, in which the caller may let other work run. */
export function* frameLinesInPieces(
  body: Uint8Array,
  maxLineBytes: number,
): Generator<void, FramedLines | LongLine> {
  const bytes = closeLastLine(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  let count = 0;
  let pause = PIECE_BYTES;
  for (let start = 0; start < bytes.length;) {
    const end = endOfLine(bytes, start);
    if (needsRewriting(bytes, start, end)) return yield* rewrite(bytes, maxLineBytes);
    count += 1;
    if (end - start > maxLineBytes) return { tooLong: { line: count, bytes: end - start } };
    start = end + 1;
    if (start > pause) {
      pause = start + PIECE_BYTES;
      yield;
    }
  }
  return { body: bytes, count };
}

function closeLastLine(bytes: Buffer): Buffer {
  if (bytes.length === 0 || bytes[bytes.length - 1] === LF) return bytes;
  const closed = Buffer.allocUnsafe(bytes.length + 1);
  closed.set(bytes);
  closed[bytes.length] = LF;
  return closed;
}

function endOfLine(bytes: Buffer, start: number): number {
  const near = Math.min(start + SHORT_LINE, bytes.length);
  for (let at = start; at < near; at += 1) if (bytes[at] === LF) return at;
  return bytes.indexOf(LF, near);
}

/** A first byte above the space means that the line isn't blank: the rest of it need not be looked at. */
function needsRewriting(bytes: Buffer, start: number, end: number): boolean {
  return bytes[end - 1] === CR || ((bytes[start] ?? 0) <= SPACE && isBlank(bytes, start, end));
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== 9 && byte !== CR) return false;
  }
  return true;
}

function textEndOf(bytes: Buffer, start: number, end: number): number {
  let textEnd = end;
  while (textEnd > start && bytes[textEnd - 1] === CR) textEnd -= 1;
  return textEnd;
}

function* rewrite(bytes: Buffer, maxLineBytes: number): Generator<void, FramedLines | LongLine> {
  const clean = Buffer.allocUnsafe(bytes.length);
  let written = 0;
  let count = 0;
  let line = 0;
  let pause = PIECE_BYTES;
  for (let start = 0; start < bytes.length;) {
    const end = endOfLine(bytes, start);
    const textEnd = textEndOf(bytes, start, end);
    line += 1;
    if (textEnd - start > maxLineBytes) return { tooLong: { line, bytes: textEnd - start } };
    if (!isBlank(bytes, start, textEnd)) {
      written += bytes.copy(clean, written, start, textEnd);
      clean[written] = LF;
      written += 1;
      count += 1;
    }
    start = end + 1;
    if (start > pause) {
      pause = start + PIECE_BYTES;
      yield;
    }
  }
  return { body: clean.subarray(0, written), count };
}
