import type { Frame, MessageFramer } from './framing.js';
import { GrowingBytes } from './growing-bytes.js';

/** Finds messages that each end in a NUL, as GELF over TCP sends them. Empty ones are left out. Linear, as each byte is looked at once. */
export class NulFramer implements MessageFramer {
  readonly broken = undefined;
  readonly #begun = new GrowingBytes();
  #tooLong = false;

  /** @param maxBytes of a message; of longer ones the first bytes are given */
  constructor(private readonly maxBytes: number) {}

  push(chunk: Uint8Array): readonly Frame[] {
    const frames: Frame[] = [];
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
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
