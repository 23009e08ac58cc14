import { PIECE_BYTES } from '../format/saved-folder.js';

/** Gathers bytes and cuts them into pieces of {@link PIECE_BYTES}, the last one shorter. */
export class PieceCutter {
  #buffer = Buffer.allocUnsafe(PIECE_BYTES);
  #filled = 0;

  /** @param keep is given each piece; its bytes are its own only until it resolves */
  constructor(private readonly keep: (piece: Uint8Array) => Promise<void>) {}

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(chunk.length - at, PIECE_BYTES - this.#filled);
      this.#buffer.set(chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === PIECE_BYTES) await this.end();
    }
  }

  /** Gives what is left. What is added then begins another piece. */
  async end(): Promise<void> {
    if (this.#filled === 0) return;
    const piece = this.#buffer.subarray(0, this.#filled);
    this.#filled = 0;
    await this.keep(piece);
  }
}
