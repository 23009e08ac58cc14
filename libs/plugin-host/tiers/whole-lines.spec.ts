import { expect, it } from 'vitest';
import { wholeLines } from './whole-lines.js';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

it.each([7, 4_096, 65_536, 3 * 2 ** 20])('pieces are whole lines, of chunks of %d bytes', async (size) => {
  const text = `${'{"n":"0123456789"}\n'.repeat(150_000)}${'x'.repeat(2 ** 21)}\nlast\n`;
  const pieces: string[] = [];
  for await (const piece of wholeLines(chunksOf(text, size))) pieces.push(Buffer.from(piece).toString());
  expect(pieces.join('') === text).toBe(true);
  expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
  expect(pieces.length).toBeGreaterThan(1);
});

it('a last line without an end is a piece, and nothing is none', async () => {
  const pieces: string[] = [];
  for (const text of ['a\nb', '', 'c'])
    for await (const piece of wholeLines(chunksOf(text, 5))) pieces.push(Buffer.from(piece).toString());
  expect(pieces).toEqual(['a\nb', 'c']);
});
