import type { Piece } from '../format/saved-folder.js';
import type { BackupStore } from '../store/backup-store.js';

/** Gives the bytes of pieces, one behind the other, in parts as they are asked for. */
export class PieceReader {
  readonly #waiting: Iterator<Piece>;
  #piece: Uint8Array = new Uint8Array();

  constructor(
    private readonly store: BackupStore,
    pieces: readonly Piece[],
  ) {
    this.#waiting = pieces.values();
  }

  /** So many of the next bytes, in parts of a piece each. @throws BackupError `backup_damaged` */
  async *take(bytes: number): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0;) {
      if (this.#piece.length === 0) this.#piece = await this.#next();
      const part = this.#piece.subarray(0, left);
      yield part;
      this.#piece = this.#piece.subarray(part.length);
      left -= part.length;
    }
  }

  async #next(): Promise<Uint8Array> {
    const { value, done } = this.#waiting.next();
    if (done) throw new Error('More bytes are asked for than the pieces have.');
    return this.store.piece(value as Piece);
  }
}
