import { Problem } from '../../problems/problem.js';
import type { BodyHold } from '../body-budget.js';

/**
 * Decoded bytes for each encoded one, at any place beyond {@link RATIO_FREE_BYTES}. Logs shrink to a tenth or a
 * thirtieth, the same line over and over with changing times to a hundredth; gzip can reach 1,030 and the others far
 * more, which only bombs and empty content do.
 */
const MAX_RATIO = 200;
/** A body that is small when decoded does no harm, however small it was. */
const RATIO_FREE_BYTES = 4 * 1024 * 1024;
/** Bytes that are kept of a body before it is known that the whole of it can be taken. */
const KEPT_BYTES = 8 * 1024 * 1024;
const FIRST_BYTES = 64 * 1024;
/** Guess for the first allocation: decoded bytes for each encoded one. */
const USUAL_RATIO = 16;

/** What bounds a decoded body. */
export interface DecodingBounds {
  /** Bytes of the body as it came. */
  readonly encodedBytes: number;
  /** Most bytes that it may have when decoded. */
  readonly limit: number;
  /** How many it has, where it was counted before. */
  readonly counted?: number;
  readonly hold: Pick<BodyHold, 'grow' | 'shrink'>;
}

/**
 * A decoded body while it grows; every piece is judged before it is kept. One that outgrows 8 MiB is only counted from
 * then on, so that a refused one never holds more: it is decoded again when its size is known to be within the limits.
 */
export class DecodedBytes {
  #buffer: Buffer;
  #length = 0;
  #keeps = true;

  constructor(private readonly bounds: DecodingBounds) {
    const guess = Math.max(FIRST_BYTES, bounds.encodedBytes * USUAL_RATIO);
    this.#buffer = Buffer.allocUnsafeSlow(bounds.counted ?? Math.min(guess, this.#most));
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Copies a piece, or counts it.
   *
   * @param used encoded bytes that it and all pieces before were made of
   * @throws Problem `body_too_large`, `ratio_too_high`, `busy`
   */
  add(piece: Uint8Array, used: number): void {
    const length = this.#length + piece.length;
    this.#judge(length, used);
    if (this.#keeps && length > this.#most) this.#giveUp();
    if (this.#keeps) this.#keep(piece, length);
    this.#length = length;
  }

  /** All that was added; undefined where it was only counted. */
  bytes(): Buffer | undefined {
    if (!this.#keeps) return undefined;
    const bytes = this.#buffer.subarray(0, this.#length);
    // The collector counts what was allocated, not what is in use.
    return this.#length < this.#buffer.length / 2 ? Buffer.from(bytes) : bytes;
  }

  get #most(): number {
    return this.bounds.counted ?? Math.min(this.bounds.limit, KEPT_BYTES);
  }

  #keep(piece: Uint8Array, length: number): void {
    this.bounds.hold.grow(piece.length);
    if (length > this.#buffer.length) this.#enlarge();
    this.#buffer.set(piece, this.#length);
  }

  #giveUp(): void {
    this.#keeps = false;
    this.#buffer = Buffer.alloc(0);
    this.bounds.hold.shrink(this.#length);
  }

  #judge(length: number, used: number): void {
    const { limit } = this.bounds;
    if (length > limit)
      throw new Problem(
        'body_too_large',
        `The decoded body is larger than ${limit} bytes, the most that is taken.`,
      );
    if (length > RATIO_FREE_BYTES && length > used * MAX_RATIO)
      throw new Problem(
        'ratio_too_high',
        `The first ${used} bytes of the body decode to more than ${MAX_RATIO} times as many.`,
      );
  }

  /** At once to the most that there may be: pages that are never written to take no memory. */
  #enlarge(): void {
    const largest = Buffer.allocUnsafeSlow(this.#most);
    largest.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = largest;
  }
}
