/**
 * The answers of all, in their order. It ends when every one has ended, also where one failed: who reads back what a failed call
 * did must not meet another one at work still.
 */
export async function allEnded<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(calls);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
