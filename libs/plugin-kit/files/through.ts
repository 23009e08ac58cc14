/** What takes bytes and gives others, such as `new CompressionStream('gzip')`. */
export interface ByteTransform {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** Sends pieces through a stream of the web; what fails on one side ends the other, and is what is thrown. */
export async function* through(
  pieces: AsyncIterable<Uint8Array>,
  { readable, writable }: ByteTransform,
): AsyncGenerator<Uint8Array> {
  const sending = send(pieces, writable.getWriter());
  // Told where the pieces are read.
  sending.catch(() => undefined);
  try {
    yield* readable;
  } catch (error) {
    await sending;
    throw error;
  }
  await sending;
}

async function send(
  pieces: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  try {
    for await (const piece of pieces) await writer.write(piece);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}
