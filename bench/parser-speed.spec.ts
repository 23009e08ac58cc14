import { describe, expect, it } from 'vitest';
import type { Parser } from '#plugin-kit';
import { measureParser, splitLines } from './parser-speed.js';

const context = { receivedAt: 0n };
const options = { count: 1_000, rounds: 2, context };

describe('the speed of a parser', () => {
  it('is that of all lines, in pieces', () => {
    const pieces: number[] = [];
    const texts = new Set<string>();
    const parser: Parser = {
      parse: (lines) => {
        pieces.push(lines.length);
        for (const line of lines) texts.add(Buffer.from(line).toString());
        return lines.map(() => ({ kind: 'event', event: {} }));
      },
      sniff: () => 0,
    };
    const speed = measureParser(parser, ['one', 'three'], options);
    expect(speed.lineBytes).toBe(5);
    expect(speed.parsed).toBeGreaterThan(0);
    expect(speed.split).toBeGreaterThan(0);
    expect(pieces).toEqual(Array(8).fill(250));
    expect(texts).toEqual(new Set(['one', 'three']));
  });

  it('is none where answers are missing', () => {
    const parser: Parser = { parse: () => [], sniff: () => 0 };
    expect(() => measureParser(parser, ['a'], options)).toThrow('0 answers for 1000 lines');
  });

  it('is held against a plain split', () => {
    expect(splitLines(Buffer.from('a\n\nbc\n')).map(String)).toEqual(['a', '', 'bc']);
  });
});
