import { Problem } from '../../problems/problem.js';
import type { BodyHold } from '../body-budget.js';

/**
 * Decoded bytes for each encoded one, beyond {@link RATIO_FREE_BYTES}. Logs shrink to a tenth or a thirtieth, the same
 * line over and over with changing times to a hundredth; gzip can reach 1,030 and the others far more, which only bombs
 * and empty content do.
 */
const MAX_RATIO = 200;
/** A body that is small when decoded does no harm, however small it was. */
const RATIO_FREE_BYTES = 1024 * 1024;
const FIRST_BYTES = 64 * 1024;
/** Guess for the first allocation: decoded bytes for each encoded one. */
const USUAL_RATIO = 8;

/** What bounds a decoded body. */
export interface DecodingBounds {
  /** Bytes of the body as it came. */
  readonly encodedBytes: number;
  /** Most bytes that it may have when decoded. */
  readonly limit: number;
  readonly hold: Pick<BodyHold, 'grow'>;
}

/** A decoded body while it grows; every piece is judged before it is kept. */
export class DecodedBytes {
  #buffer: Buffer;
  #length = 0;

  constructor(private readonly bounds: DecodingBounds) {
    const guess = Math.max(FIRST_BYTES, bounds.encodedBytes * USUAL_RATIO);
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(guess, bounds.limit));
  }

  /**
   * Copies a piece.
   *
   * @throws Problem `body_too_large`, `ratio_too_high`, `busy`
   */
  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    this.#judge(length);
    this.bounds.hold.grow(piece.length);
    if (length > this.#buffer.length) this.#enlarge(length);
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }

  /** All that was added. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #judge(length: number): void {
    const { limit, encodedBytes } = this.bounds;
    if (length > limit)
      throw new Problem(
        'body_too_large',
        `The decoded body is larger than ${limit} bytes, the most that is taken.`,
      );
    if (length > RATIO_FREE_BYTES && length > encodedBytes * MAX_RATIO)
      throw new Problem(
        'ratio_too_high',
        `The body of ${encodedBytes} bytes decodes to more than ${MAX_RATIO} times as many.`,
      );
  }

  #enlarge(length: number): void {
    const larger = Buffer.allocUnsafeSlow(
      Math.min(this.bounds.limit, Math.max(length, 2 * this.#buffer.length)),
    );
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
