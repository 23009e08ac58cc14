import type { FramedLines } from './line-framing.js';

const [LF, CR, TAB, SPACE, QUOTE, COMMA, BACKSLASH] = [10, 13, 9, 32, 34, 44, 92] as const;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125] as const;
/** Bytes between two pauses: a few milliseconds of work. */
const PIECE_BYTES = 1024 * 1024;

/** A body that is no JSON object and no JSON array, or not all of one. */
export interface BrokenJson {
  /** `at`: bytes before the place, the first byte is 0. */
  readonly broken: { readonly at: number; readonly what: string };
}

/** An element of the array, or the object itself, that is longer than allowed; the first has index 0. */
export interface LongElement {
  readonly longElement: { readonly index: number };
}

export type SplitJson = FramedLines | BrokenJson | LongElement;

/**
 * Makes lines of one JSON object, or of the elements of one JSON array, each with the bytes that it came with: only line
 * ends between its tokens become spaces. Brackets, strings and commas are followed, what stands between them isn't judged:
 * an element that is no JSON is a line that is none. Pauses after each mebibyte, for other work.
 *
 * @param body is written over: the lines are moved together within it
 * @param maxBytes longest element allowed
 */
export function* splitJson(body: Uint8Array, maxBytes: number): Generator<void, SplitJson> {
  const splitter = new JsonSplitter(Buffer.from(body.buffer, body.byteOffset, body.byteLength), maxBytes);
  return yield* splitter.split();
}

class JsonSplitter {
  private at = 0;
  private written = 0;
  private count = 0;
  private fault: BrokenJson | LongElement | undefined;

  constructor(
    private readonly bytes: Buffer,
    private readonly maxBytes: number,
  ) {}

  *split(): Generator<void, SplitJson> {
    this.skipBlanks();
    const first = this.bytes[this.at];
    if (first === undefined) return { body: this.bytes.subarray(0, 0), count: 0 };
    if (first === OPEN_OBJECT) return this.object();
    if (first === OPEN_ARRAY) return yield* this.array();
    return broken(this.at, 'Neither an object nor an array begins here');
  }

  private object(): SplitJson {
    const start = this.at;
    const end = this.endOf(start, true);
    if (this.fault) return this.fault;
    if (end - start > this.maxBytes) return { longElement: { index: 0 } };
    this.at = end;
    if (this.skipBlanks() !== undefined) return broken(this.at, 'Something follows the end of the object');
    return { body: closedLine(this.bytes, start, end), count: 1 };
  }

  private *array(): Generator<void, SplitJson> {
    this.at += 1;
    if (this.skipBlanks() === CLOSE_ARRAY) return this.finish();
    for (let pause = PIECE_BYTES; ;) {
      this.element();
      if (this.fault) return this.fault;
      if (this.bytes[this.at] === CLOSE_ARRAY) return this.finish();
      this.at += 1;
      if (this.at < pause) continue;
      pause = this.at + PIECE_BYTES;
      yield;
    }
  }

  /** Moves one element to the lines written so far, and goes to the comma or bracket behind it. */
  private element(): void {
    this.skipBlanks();
    const start = this.at;
    const end = this.endOf(start, false);
    if (this.fault) return;
    this.at = end;
    const last = this.bytes[end];
    if (last === CLOSE_OBJECT) this.fault = broken(end, 'A brace closes that was not opened');
    else if (end === start) this.fault = broken(end, 'An element is missing');
    else this.take(start, lastOf(this.bytes, start, end));
  }

  private take(start: number, end: number): void {
    // A comma or bracket stood before each element, so there is always room for its line end.
    this.bytes.copyWithin(this.written, start, end);
    this.written += end - start;
    this.bytes[this.written] = LF;
    this.written += 1;
    this.count += 1;
  }

  private finish(): SplitJson {
    this.at += 1;
    if (this.skipBlanks() !== undefined) return broken(this.at, 'Something follows the end of the array');
    return { body: this.bytes.subarray(0, this.written), count: this.count };
  }

  /**
   * Where an element ends: at the comma or bracket behind it, or behind its own last bracket where it stands alone.
   * Sets `fault` where there is no such place.
   */
  private endOf(start: number, alone: boolean): number {
    const { bytes } = this;
    const limit = Math.min(bytes.length, start + this.maxBytes + 1);
    let depth = 0;
    for (let at = start; at < limit; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) at = this.endOfString(at + 1, limit);
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (depth === 0) return at;
        depth -= 1;
        if (alone && depth === 0) return at + 1;
      } else if (byte === COMMA && depth === 0) return at;
      else if (isLineEnd(byte)) bytes[at] = SPACE;
    }
    this.fault ??= this.unended(limit);
    return limit;
  }

  /** The closing quote's place; `limit` where there is none. */
  private endOfString(start: number, limit: number): number {
    const { bytes } = this;
    for (let at = start; at < limit; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH && !isLineEnd(bytes[at + 1])) at += 1;
      else if (isLineEnd(byte)) {
        this.fault = broken(at, 'A line ends within a string, where it must be written as \\n');
        return limit;
      }
    }
    return limit;
  }

  private unended(limit: number): BrokenJson | LongElement {
    if (limit < this.bytes.length) return { longElement: { index: this.count } };
    return broken(limit, 'The JSON breaks off');
  }

  /** Goes to the next byte that is no blank and returns it; undefined at the end. */
  private skipBlanks(): number | undefined {
    while (isBlank(this.bytes[this.at])) this.at += 1;
    return this.bytes[this.at];
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === TAB;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

function lastOf(bytes: Buffer, start: number, end: number): number {
  let last = end;
  while (last > start && isBlank(bytes[last - 1])) last -= 1;
  return last;
}

function closedLine(bytes: Buffer, start: number, end: number): Buffer {
  if (end === bytes.length) return Buffer.concat([bytes.subarray(start), Buffer.of(LF)]);
  bytes[end] = LF;
  return bytes.subarray(start, end + 1);
}

function broken(at: number, what: string): BrokenJson {
  return { broken: { at, what } };
}
