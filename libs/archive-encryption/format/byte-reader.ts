/** Takes so many bytes at a time of what comes in pieces of any size. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #waiting: Buffer[] = [];
  #length = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** Fewer where it ends before. */
  async take(bytes: number): Promise<Buffer> {
    while (this.#length < bytes) {
      const { done, value } = await this.#pieces.next();
      if (done === true) break;
      this.#waiting.push(Buffer.from(value.buffer, value.byteOffset, value.length));
      this.#length += value.length;
    }
    const all = this.#waiting.length === 1 ? (this.#waiting[0] as Buffer) : Buffer.concat(this.#waiting);
    this.#waiting = all.length > bytes ? [all.subarray(bytes)] : [];
    this.#length = Math.max(0, all.length - bytes);
    return all.subarray(0, bytes);
  }

  /** Nothing more is read. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
