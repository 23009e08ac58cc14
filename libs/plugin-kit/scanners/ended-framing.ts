import type { Frame, MessageFramer } from './framing.js';
import { GrowingBytes } from './growing-bytes.js';

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;

/** Finds messages that each end in the same byte. Empty ones are left out. Linear, as each byte is looked at once. */
class EndedFramer implements MessageFramer {
  readonly broken = undefined;
  readonly #begun = new GrowingBytes();
  #tooLong = false;

  /** @param maxBytes of a message; of longer ones the first bytes are given */
  constructor(
    private readonly maxBytes: number,
    private readonly end: number,
  ) {}

  push(chunk: Uint8Array): readonly Frame[] {
    const frames: Frame[] = [];
    let from = 0;
    for (let end = chunk.indexOf(this.end); end >= 0; end = chunk.indexOf(this.end, from)) {
      this.#close(this.#whole(chunk.subarray(from, end)), frames);
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return frames;
  }

  finish(): readonly Frame[] {
    const bytes = this.#begun.take();
    const fault = this.#tooLong ? 'too_long' : 'unterminated';
    this.#tooLong = false;
    return bytes.length > 0 ? [{ bytes, fault }] : [];
  }

  #whole(last: Uint8Array): Uint8Array {
    if (this.#begun.length === 0 && last.length <= this.maxBytes) return last;
    this.#keep(last);
    return this.#begun.take();
  }

  #keep(bytes: Uint8Array): void {
    const room = this.maxBytes - this.#begun.length;
    this.#tooLong ||= bytes.length > room;
    this.#begun.append(bytes.subarray(0, room));
  }

  #close(bytes: Uint8Array, frames: Frame[]): void {
    if (bytes.length > 0) frames.push(this.#tooLong ? { bytes, fault: 'too_long' } : { bytes });
    this.#tooLong = false;
  }
}

/** Finds messages that each end in a NUL, as GELF over TCP sends them. */
export class NulFramer extends EndedFramer {
  /** @param maxBytes of a message; of longer ones the first bytes are given */
  constructor(maxBytes: number) {
    super(maxBytes, NUL);
  }
}

/** Finds lines: each ends in an LF, or in a CR and an LF. */
export class LineFramer extends EndedFramer {
  /** @param maxBytes of a line; of longer ones the first bytes are given */
  constructor(maxBytes: number) {
    super(maxBytes, LF);
  }

  override push(chunk: Uint8Array): readonly Frame[] {
    return super
      .push(chunk)
      .map((frame) => ({ ...frame, bytes: withoutCr(frame.bytes) }))
      .filter(({ bytes }) => bytes.length > 0);
  }
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}
