/** Bytes of a part at least; a put without parts is not larger. A store wants 5 MiB. */
export const PART_BYTES = 8 * 2 ** 20;
const MOST_PARTS = 10_000;

/** Bytes of the parts of an object of this size. */
export function partBytesOf(bytes: number): number {
  return Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS));
}

/** What is read, in pieces of `size` bytes, the last one shorter; none where there is nothing. */
export async function* inParts(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source)
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + size - bytes);
      held.push(piece);
      bytes += piece.length;
      at += piece.length;
      if (bytes < size) continue;
      yield Buffer.concat(held);
      held = [];
      bytes = 0;
    }
  if (bytes > 0) yield Buffer.concat(held);
}

/** Does the work for each, at most so many at once, and gives the results in order. A failure ends it when all have ended. */
export async function eachOf<T, R>(
  items: AsyncIterable<T>,
  most: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  const begin = (item: T, index: number): void => {
    const run: Promise<void> = work(item, index)
      .then((result) => void (results[index] = result))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(run));
    running.add(run);
  };
  let index = 0;
  try {
    for await (const item of items) {
      begin(item, index++);
      if (running.size >= most) await Promise.race(running);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
  return results;
}
