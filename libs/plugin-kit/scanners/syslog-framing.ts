import type { Frame, FrameFault, MessageFramer } from './framing.js';
import { GrowingBytes } from './growing-bytes.js';
import { findFrameStart } from './syslog-frame-start.js';

const [NUL, LF, CR] = [0, 10, 13];
/** First bytes of streams that are no text: TLS records (RFC 8446 5.1) and zlib (RFC 1950 2.2). */
const TLS_RECORD = 0x16;
const ZLIB = 0x78;
const ZLIB_LEVELS: ReadonlySet<number | undefined> = new Set([0x01, 0x9c, 0xda]);

/**
 * Finds syslog messages in a byte stream (RFC 6587, RFC 5425). Each message may be framed by octet counting or end in an LF
 * or a NUL, whatever the one before it did. Every byte is looked at a bounded number of times, however the stream is cut
 * into chunks. One LF, CR LF or NUL at a message's end goes, inside a count too: daemons count it. Empty messages are left
 * out. A stream of TLS or zlib, and a count of more than seven digits, break it.
 */
export class SyslogFramer implements MessageFramer {
  #broken: string | undefined;
  #started = false;
  /** A beginning whose framing can't be told yet. */
  #open: Uint8Array = new Uint8Array(0);
  /** Bytes of the counted message that are still to come; undefined outside of one. */
  #missing: number | undefined;
  #inLine = false;
  readonly #begun = new GrowingBytes();
  #tooLong = false;

  /** @param maxBytes of a message; of longer ones the first bytes are given */
  constructor(private readonly maxBytes: number) {}

  get broken(): string | undefined {
    return this.#broken;
  }

  push(chunk: Uint8Array): readonly Frame[] {
    if (this.#broken !== undefined) return [];
    const bytes = this.#open.length > 0 ? Buffer.concat([this.#open, chunk]) : bufferOf(chunk);
    this.#open = new Uint8Array(0);
    const frames: Frame[] = [];
    const ends = new LineEnds(bytes);
    for (let at = 0; at < bytes.length && this.#broken === undefined;)
      at = this.#step(bytes, { at, ends, frames });
    return frames;
  }

  finish(): readonly Frame[] {
    const fault: FrameFault = this.#missing === undefined ? 'unterminated' : 'cut';
    this.#keep(this.#open);
    this.#open = new Uint8Array(0);
    const frames: Frame[] = [];
    this.#close(this.#begun.take(), { frames, fault });
    return frames;
  }

  /** Reads on from one place and answers with the next. */
  #step(bytes: Buffer, { at, ends, frames }: Place): number {
    if (this.#missing !== undefined) return this.#counted(bytes, at, frames);
    if (this.#inLine) return this.#line(bytes, { at, ends, frames });
    const byte = bytes[at];
    if (byte === LF || byte === NUL || byte === CR) return at + 1;
    if (!this.#started && this.#isNoText(bytes, at)) return at;
    const start = findFrameStart(bytes, at);
    if (start.kind === 'open') {
      this.#open = Uint8Array.prototype.slice.call(bytes, at);
      return bytes.length;
    }
    this.#started = true;
    if (start.kind === 'broken') this.#broken = 'octet_count';
    else if (start.kind === 'line') this.#inLine = true;
    else this.#missing = start.bytes;
    return start.kind === 'counted' ? start.from : at;
  }

  #isNoText(bytes: Buffer, at: number): boolean {
    if (bytes[at] === TLS_RECORD && bytes[at + 1] === 3) this.#broken = 'tls_without_tls';
    if (bytes[at] === ZLIB && ZLIB_LEVELS.has(bytes[at + 1])) this.#broken = 'compressed';
    return this.#broken !== undefined;
  }

  #counted(bytes: Buffer, at: number, frames: Frame[]): number {
    const missing = this.#missing ?? 0;
    const end = at + missing;
    if (end > bytes.length) {
      this.#missing = missing - (bytes.length - at);
      this.#keep(bytes.subarray(at));
      return bytes.length;
    }
    this.#close(this.#whole(bytes.subarray(at, end)), { frames });
    return end;
  }

  #line(bytes: Buffer, { at, ends, frames }: Place): number {
    const end = ends.after(at);
    if (end === bytes.length) {
      this.#keep(bytes.subarray(at));
      return end;
    }
    this.#close(this.#whole(bytes.subarray(at, end)), { frames });
    return end + 1;
  }

  /** What was begun with its last bytes: those themselves where nothing was. */
  #whole(last: Uint8Array): Uint8Array {
    if (this.#begun.length === 0 && last.length <= this.maxBytes) return last;
    this.#keep(last);
    return this.#begun.take();
  }

  #keep(bytes: Uint8Array): void {
    const room = this.maxBytes - this.#begun.length;
    this.#tooLong ||= bytes.length > room;
    this.#begun.append(bytes.length > room ? bytes.subarray(0, room) : bytes);
  }

  #close(
    whole: Uint8Array,
    { frames, fault }: { readonly frames: Frame[]; readonly fault?: FrameFault },
  ): void {
    const bytes = withoutEnd(whole);
    const wrong = this.#tooLong ? 'too_long' : fault;
    if (bytes.length > 0) frames.push(wrong === undefined ? { bytes } : { bytes, fault: wrong });
    this.#missing = undefined;
    this.#inLine = false;
    this.#tooLong = false;
  }
}

interface Place {
  readonly at: number;
  readonly ends: LineEnds;
  readonly frames: Frame[];
}

/** Where lines end in a chunk. Each end is looked for once, though there are two kinds and one may be missing. */
class LineEnds {
  #lf = -1;
  #nul = -1;

  constructor(private readonly bytes: Buffer) {}

  /** Index of the first LF or NUL at or after `at`; the chunk's length where there is none. */
  after(at: number): number {
    if (this.#lf < at) this.#lf = indexOr(this.bytes, LF, at);
    if (this.#nul < at) this.#nul = indexOr(this.bytes, NUL, at);
    return Math.min(this.#lf, this.#nul);
  }
}

function indexOr(bytes: Buffer, byte: number, at: number): number {
  const found = bytes.indexOf(byte, at);
  return found < 0 ? bytes.length : found;
}

function bufferOf(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Without one LF, CR LF, CR or NUL at the end. */
export function withoutEnd(message: Uint8Array): Uint8Array {
  const last = message.length - 1;
  if (message[last] === NUL) return message.subarray(0, last);
  const end = message[last] === LF ? last : message.length;
  return message.subarray(0, message[end - 1] === CR ? end - 1 : end);
}
