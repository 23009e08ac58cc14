import type { Readable } from 'node:stream';
import { LENGTH_BYTES } from './process/frames.js';

/** Bytes of a frame: far more than a piece of lines becomes by being parsed. */
export const MOST_FRAME_BYTES = 64 * 2 ** 20;

/** Cuts what comes out of a plugin's process into frames, each without its length. */
export class FrameReader {
  readonly #chunks: Buffer[] = [];
  readonly #frames: Buffer[] = [];
  #bytes = 0;
  /** Where the frame ends that is being read. */
  #end = 0;
  #waiting: ((frame: Buffer) => void) | undefined;

  /** @param tooLong told of a frame that says of itself that it is longer than may be; nothing is read from there on */
  constructor(source: Readable, tooLong: (bytes: number) => void) {
    source.on('data', (chunk: Buffer) => {
      if (this.#isLost) return;
      this.#add(chunk);
      if (this.#isLost) tooLong(this.#end - LENGTH_BYTES);
    });
  }

  /** The next frame, for one that waits at a time. */
  async next(): Promise<Buffer> {
    const frame = this.#frames.shift();
    return frame ?? new Promise((resolve) => (this.#waiting = resolve));
  }

  #add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let frame = this.#take(); frame; frame = this.#take()) this.#give(frame);
  }

  get #isLost(): boolean {
    return this.#end > LENGTH_BYTES + MOST_FRAME_BYTES;
  }

  #give(frame: Buffer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(frame);
    else this.#frames.push(frame);
  }

  #take(): Buffer | undefined {
    if (this.#bytes < LENGTH_BYTES) return undefined;
    // The length may lie across two chunks; joined once, they are one.
    if ((this.#chunks[0] as Buffer).length < LENGTH_BYTES) this.#join();
    const end = LENGTH_BYTES + (this.#chunks[0] as Buffer).readUInt32LE(0);
    this.#end = end;
    if (this.#isLost) this.#chunks.length = 0;
    if (this.#isLost || this.#bytes < end) return undefined;
    const all = this.#join();
    this.#chunks[0] = all.subarray(end);
    this.#bytes -= end;
    return all.subarray(LENGTH_BYTES, end);
  }

  #join(): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks.splice(0, this.#chunks.length, all);
    return all;
  }
}
