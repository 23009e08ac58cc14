import { loadZstd, ZstdStream } from '#zstd-decoding';

type Bytes = AsyncIterable<Uint8Array>;

/** Decodes the frames of a zstd file. @throws Error with the code `Z_DATA_ERROR` or `Z_BUF_ERROR`, as gzip has them */
export async function* unzstd(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const decoder = new Decoder(new ZstdStream(await loadZstd()));
  try {
    for await (const piece of inputs(bytes)) yield* decoder.decode(piece);
    yield* decoder.rest();
  } finally {
    decoder.free();
  }
}

/** Pieces that fit the decoder's input. */
async function* inputs(bytes: Bytes): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes)
    for (let at = 0; at < piece.length; at += ZstdStream.INPUT_BYTES)
      yield piece.subarray(at, at + ZstdStream.INPUT_BYTES);
}

class Decoder {
  #isOpen = false;

  constructor(private readonly stream: ZstdStream) {}

  *decode(input: Uint8Array): Generator<Uint8Array> {
    this.stream.feed(input);
    while (this.stream.left > 0) yield this.#step();
  }

  /** What the output had no room for before. */
  *rest(): Generator<Uint8Array> {
    while (this.#isOpen) {
      const output = this.#step();
      if (this.#isOpen && output.length === 0) throw damaged('Z_BUF_ERROR', 'it ends within a zstd frame');
      yield output;
    }
  }

  free(): void {
    this.stream.free();
  }

  /** A copy: the output stands in the decoder's memory, which the next step writes over. */
  #step(): Uint8Array {
    const { output, end } = this.stream.step();
    if (end === 'error') throw damaged('Z_DATA_ERROR', 'its zstd data are not whole');
    this.#isOpen = end !== 'frame';
    return Uint8Array.from(output);
  }
}

function damaged(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
