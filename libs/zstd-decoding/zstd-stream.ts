import type { ZstdFunctions } from './zstd-module.js';

/** Bytes of the two buffers; libzstd's own recommendation. */
const BUFFER_BYTES = 128 * 1024;
/** Errors are the topmost values of an unsigned word. */
const FIRST_ERROR = 0xffffff00;

/** How far one step came. */
export interface ZstdStep {
  /** Decoded bytes, valid until the next call. */
  readonly output: Uint8Array;
  readonly end: 'frame' | 'error' | undefined;
}

/** One body's context in libzstd, with an input and an output buffer. Call {@link free} when done. */
export class ZstdStream {
  /** Most bytes that {@link feed} takes. */
  static readonly INPUT_BYTES = BUFFER_BYTES;
  readonly #context: number;
  readonly #memory: number;

  constructor(private readonly zstd: ZstdFunctions) {
    this.#context = zstd.ZSTD_createDCtx();
    // Input and output, then for each of them {pointer, size, position}.
    this.#memory = zstd.malloc(2 * BUFFER_BYTES + 24);
  }

  /** Hands over the next bytes; the ones before must be used up. */
  feed(bytes: Uint8Array): void {
    new Uint8Array(this.zstd.memory.buffer).set(bytes, this.#memory);
    this.#struct(0).set([this.#memory, bytes.length, 0]);
  }

  /** Bytes of the input that are not used yet. */
  get left(): number {
    const [, size = 0, position = 0] = this.#struct(0);
    return size - position;
  }

  /** Decodes until the output buffer is full, the input is used up, or a frame has ended. */
  step(): ZstdStep {
    const out = this.#memory + BUFFER_BYTES;
    this.#struct(1).set([out, BUFFER_BYTES, 0]);
    const pair = this.#memory + 2 * BUFFER_BYTES;
    const result = this.zstd.ZSTD_decompressStream(this.#context, pair + 12, pair) >>> 0;
    const [, , written = 0] = this.#struct(1);
    const output = new Uint8Array(this.zstd.memory.buffer, out, written);
    return { output, end: result === 0 ? 'frame' : result >= FIRST_ERROR ? 'error' : undefined };
  }

  free(): void {
    this.zstd.ZSTD_freeDCtx(this.#context);
    this.zstd.free(this.#memory);
  }

  /** Made anew each time: memory that grows gets another buffer. */
  #struct(index: 0 | 1): Uint32Array {
    return new Uint32Array(this.zstd.memory.buffer, this.#memory + 2 * BUFFER_BYTES + 12 * index, 3);
  }
}
