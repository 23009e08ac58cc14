/** Bytes that are handed over at one time. */
const CHUNK_BYTES = 256 * 1024;
/** Milliseconds that a client may take for one chunk: some 900 bytes a second. */
export const STALL_MS = 300_000;

/**
 * A body in chunks, of which the next is made only when the last was taken.
 *
 * @param onStall called when a client hasn't taken a chunk for `stallMs`: it must end the answer
 */
export async function* watchedBody(
  body: AsyncIterable<Uint8Array>,
  onStall: () => void,
  stallMs = STALL_MS,
): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    for (let start = 0; start < piece.length; start += CHUNK_BYTES) {
      const stalled = setTimeout(onStall, stallMs);
      try {
        yield piece.subarray(start, start + CHUNK_BYTES);
      } finally {
        clearTimeout(stalled);
      }
    }
  }
}

/** The same sequence with its first element awaited, so that what fails before it fails now. */
export async function begun<T>(source: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  return withFirst(first, iterator);
}

async function* withFirst<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
