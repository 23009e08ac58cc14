/**
 * Works on items as they come, several at once. After a failure no further item is taken; what is under way comes to its end,
 * and then the first failure is thrown.
 *
 * @param atOnce most that are under way
 * @param onFailure called at the first failure, while others are still under way
 */
export async function eachAtOnce<Item>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
  onFailure: () => void = () => undefined,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      const done = work(item)
        .catch((error: unknown) => {
          failures.push(error);
          onFailure();
        })
        .finally(() => running.delete(done));
      running.add(done);
      while (running.size >= atOnce) await Promise.race(running);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}
