import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ChunkCutter, type Chunk, type CutterOptions } from './chunk-cutter.js';

/** All chunks of a text that comes in pieces of so many bytes. */
function cut(text: string, size: number, options: CutterOptions = {}): Chunk[] {
  const cutter = new ChunkCutter({ targetBytes: 10, ...options });
  const chunks: Chunk[] = [];
  const take = (chunk: Chunk | undefined): boolean => chunk !== undefined && chunks.push(chunk) > 0;
  for (let at = 0; at < text.length; at += size) {
    cutter.feed(Buffer.from(text.slice(at, at + size)));
    while (take(cutter.next()));
  }
  take(cutter.last());
  return chunks;
}

const bodies = (chunks: readonly Chunk[]): string[] => chunks.map(({ body }) => body.toString());

describe('chunks', () => {
  it.each([
    ['a\nbb\nccc\ndddd\n', ['a\nbb\nccc\n', 'dddd\n']],
    ['0123456789\nab\n', ['0123456789\n', 'ab\n']],
    [
      '0123456789abcdef\nab\n0123456789abc',
      ['0123456789abcdef\n', 'ab\n', '0123456789abc'].slice(0, 2).concat('0123456789abc'),
    ],
    ['ab', ['ab']],
    ['', []],
    ['12345678\n\n12345678\n\n', ['12345678\n\n', '12345678\n\n']],
  ])('of %j are %j, in whatever pieces it comes', (text, expected) => {
    for (const size of [1, 3, 7, 100]) expect(bodies(cut(text, size))).toEqual(expected);
  });

  it('know their place, and the bytes up to it', () => {
    const text = 'a\nbb\nccc\ndddd\n';
    const [first, second] = cut(text, 4);
    const sha256 = (part: string): string => createHash('sha256').update(part).digest('hex');
    expect(first).toMatchObject({ start: 0, end: 9, sha256: sha256(text.slice(0, 9)) });
    expect(second).toMatchObject({ start: 9, end: 14, sha256: sha256(text) });
  });

  it('begin behind what was sent, and end where they ended before', () => {
    const text = 'a\nbb\nccc\ndddd\neeeee\n';
    for (const size of [1, 4, 100]) {
      const chunks = cut(text, size, { skip: 5, ends: [9, 14] });
      expect(bodies(chunks)).toEqual(['ccc\n', 'dddd\n', 'eeeee\n']);
      expect(chunks.at(-1)?.sha256).toBe(cut(text, size).at(-1)?.sha256);
    }
  });

  it('are what is there where the source pauses', () => {
    const cutter = new ChunkCutter();
    cutter.feed(Buffer.from('a\nb'));
    expect(cutter.next()).toBeUndefined();
    expect(cutter.flush()?.body.toString()).toBe('a\n');
    expect([cutter.flush(), cutter.position]).toEqual([undefined, 2]);
    expect(cutter.last()).toMatchObject({ body: Buffer.from('b'), startsLine: true });
    cutter.feed(Buffer.from('c'));
    expect(cutter.last()).toMatchObject({ body: Buffer.from('c'), startsLine: false });
  });

  it('end somewhere', () => {
    const cutter = new ChunkCutter();
    const piece = Buffer.alloc(16 * 1024 * 1024, 'x');
    for (let n = 0; n < 4; n += 1) cutter.feed(piece);
    expect(cutter.next()).toBeUndefined();
    cutter.feed(piece);
    expect(() => cutter.next()).toThrow(/line that begins at byte 0 has no end/);
  });
});
