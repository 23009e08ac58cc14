import { createHash } from 'node:crypto';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';

/** Whole lines of a source that go as one request. */
export interface Chunk {
  /** Place of its first byte among the lines of the source. */
  readonly start: number;
  /** Place behind its last byte. */
  readonly end: number;
  readonly body: Buffer;
  /** False where it goes on with a line whose beginning was the end of the source before. */
  readonly startsLine: boolean;
  /** SHA-256, as hex digits, of all lines from the first one to {@link end}. */
  readonly sha256: string;
}

const LF = 0x0a;
/** Bytes of a usual request. */
const TARGET_BYTES = 2 * 1024 * 1024;
/** No server takes a longer line. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

export interface CutterOptions {
  /** Bytes that were sent before: they are only read. */
  readonly skip?: number;
  /** Ends of the chunks behind them that were cut before, in order. */
  readonly ends?: readonly number[];
  /** Bytes of a chunk. Default 2 MiB. */
  readonly targetBytes?: number;
}

/**
 * Cuts lines into chunks. Where a chunk ends depends on where it begins and on its bytes alone, not on how they come: the same
 * file is cut the same way again.
 */
export class ChunkCutter {
  readonly #hash = createHash('sha256');
  readonly #ends: number[];
  readonly #target: number;
  readonly #skip: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #start = 0;
  #lastByte = LF;
  /** Bytes at the beginning of what is held that are known to have no end of a line. */
  #searched = 0;

  constructor({ skip = 0, ends = [], targetBytes = TARGET_BYTES }: CutterOptions = {}) {
    this.#skip = skip;
    this.#ends = [...ends];
    this.#target = targetBytes;
  }

  /** Place behind the last byte that was skipped or cut. */
  get position(): number {
    return this.#start;
  }

  /** SHA-256, as hex digits, of everything that was skipped or cut. */
  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Takes the next bytes, of which it keeps what is not to be skipped. */
  feed(bytes: Uint8Array): void {
    const skipped = bytes.subarray(0, Math.max(0, this.#skip - this.#start));
    if (skipped.length > 0) this.#pass(skipped);
    if (skipped.length === bytes.length) return;
    const rest = bytes.subarray(skipped.length);
    this.#held.push(Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength));
    this.#heldBytes += rest.length;
  }

  /** The next chunk that is whole; undefined where more bytes are needed. @throws CliError where a line has no end */
  next(): Chunk | undefined {
    const size = this.#sizeOfNext();
    return size === undefined ? undefined : this.#cut(size);
  }

  /** Whole lines that are held, though they are fewer than a chunk has: the source pauses. */
  flush(): Chunk | undefined {
    const size = this.#gather().lastIndexOf(LF) + 1;
    return size === 0 ? undefined : this.#cut(size);
  }

  /** What is left at the end of the source, its last line ended or not. */
  last(): Chunk | undefined {
    return this.#heldBytes === 0 ? undefined : this.#cut(this.#heldBytes);
  }

  #sizeOfNext(): number | undefined {
    const planned = this.#ends[0];
    if (planned !== undefined)
      return planned - this.#start <= this.#heldBytes ? planned - this.#start : undefined;
    if (this.#heldBytes < this.#target) return undefined;
    const bytes = this.#gather();
    const before = this.#searched === 0 ? bytes.lastIndexOf(LF, this.#target - 1) : -1;
    const at = before >= 0 ? before : bytes.indexOf(LF, Math.max(this.#target, this.#searched));
    if (at >= 0) return at + 1;
    this.#searched = bytes.length;
    if (bytes.length > MAX_LINE_BYTES) throw endless(this.#start);
    return undefined;
  }

  #cut(size: number): Chunk {
    const bytes = this.#gather();
    const [start, body, startsLine] = [this.#start, bytes.subarray(0, size), this.#lastByte === LF];
    this.#held = [bytes.subarray(size)];
    this.#heldBytes -= size;
    this.#searched = 0;
    this.#ends.shift();
    this.#pass(body);
    return { start, end: this.#start, body, startsLine, sha256: this.sha256() };
  }

  #pass(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#start += bytes.length;
    this.#lastByte = bytes.at(-1) ?? LF;
  }

  #gather(): Buffer {
    const [first = Buffer.alloc(0)] = this.#held;
    const all = this.#held.length > 1 ? Buffer.concat(this.#held) : first;
    this.#held = [all];
    return all;
  }
}

function endless(start: number): CliError {
  return new CliError(
    `The line that begins at byte ${start} has no end within ${MAX_LINE_BYTES} bytes.`,
    EXIT.partly,
    'Check that this is a file of lines; what stands before was sent.',
  );
}
