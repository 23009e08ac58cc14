const FIRST_BYTES = 128;
/** Up to this size memory comes from the runtime's pool, which is far cheaper. */
const POOLED_BYTES = 1_024;
const NOTHING = Buffer.alloc(0);

/** Bytes gathered piece by piece, copied so that no piece's memory is held; each byte is moved a few times at most. */
export class GrowingBytes {
  #bytes: Buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Uint8Array): void {
    const needed = this.#length + piece.length;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#bytes.set(piece, this.#length);
    this.#length = needed;
  }

  /** What was gathered; the gathering begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    this.#length = 0;
    return taken;
  }

  #grow(needed: number): void {
    const size = Math.max(FIRST_BYTES, needed, this.#bytes.length * 2);
    const grown = size <= POOLED_BYTES ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
