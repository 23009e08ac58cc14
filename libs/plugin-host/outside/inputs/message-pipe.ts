import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import { FrameReader } from '../frame-reader.js';
import { LENGTH_BYTES } from '../process/frames.js';

/** Who is told what comes through a pipe. */
export interface PipeEnd {
  readonly took: (message: unknown) => void;
  /** What came is no message, or says of itself that it is longer than may be; nothing is read from there on. */
  readonly failed: (why: string) => void;
}

/**
 * The server's and an input's messages to each other, at any time and in both directions. A channel of Node's own would do,
 * if it didn't gather a message of whatever length before anybody sees it.
 */
export class MessagePipe {
  readonly #frames: FrameReader;

  constructor(
    private readonly stream: Duplex,
    private readonly end: PipeEnd,
  ) {
    // A broken pipe is told of by the end of the process.
    stream.on('error', () => {});
    this.#frames = new FrameReader(stream, (bytes) => end.failed(`it told ${bytes} bytes at once`));
    void this.#read();
  }

  send(message: unknown): void {
    if (!this.stream.writable) return;
    const bytes = serialize(message);
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32LE(bytes.length);
    this.stream.cork();
    this.stream.write(length);
    this.stream.write(bytes);
    this.stream.uncork();
  }

  async #read(): Promise<void> {
    for (;;) {
      const frame = await this.#frames.next();
      let message: unknown;
      try {
        message = deserialize(frame);
      } catch {
        this.stream.pause();
        return this.end.failed('it told the server what nobody can read');
      }
      this.end.took(message);
    }
  }
}
