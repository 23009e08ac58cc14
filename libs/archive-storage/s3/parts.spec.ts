import { describe, expect, it } from 'vitest';
import { eachOf, inParts, PART_BYTES, partBytesOf } from './parts.js';

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

it('cuts what is read into parts of one size, whatever its pieces are', async () => {
  const bytes = Buffer.from('abcdefghijklmnop');
  for (const pieces of [[16], [1, 15], [3, 3, 3, 7], [5, 0, 11]]) {
    let at = 0;
    const source = from(pieces.map((length) => bytes.subarray(at, (at += length))));
    const parts: string[] = [];
    for await (const part of inParts(source, 5)) parts.push(String(part));
    expect(parts).toEqual(['abcde', 'fghij', 'klmno', 'p']);
  }
  for await (const _ of inParts(from([]), 5)) expect.unreachable();
});

it('makes parts larger where there would be more than a store takes', () => {
  expect(partBytesOf(1)).toBe(PART_BYTES);
  const terabyte = 2 ** 40;
  expect(Math.ceil(terabyte / partBytesOf(terabyte))).toBeLessThanOrEqual(10_000);
});

describe('work on many at once', () => {
  it('is bounded and answers in order', async () => {
    let running = 0;
    let most = 0;
    const results = await eachOf(from([5, 1, 4, 2, 3]), 2, async (n, index) => {
      most = Math.max(most, (running += 1));
      for (let left = n; left > 0; left -= 1) await Promise.resolve();
      running -= 1;
      return `${index}:${n}`;
    });
    expect(results).toEqual(['0:5', '1:1', '2:4', '3:2', '4:3']);
    expect(most).toBe(2);
  });

  it('ends with the first failure, once all that had begun has ended', async () => {
    const ended: number[] = [];
    const all = eachOf(from([1, 2, 3, 4, 5, 6]), 2, async (n) => {
      if (n === 2) throw new Error('no');
      for (let left = 20; left > 0; left -= 1) await Promise.resolve();
      ended.push(n);
    });
    await expect(all).rejects.toThrow('no');
    expect(ended).toEqual([1]);
  });
});
