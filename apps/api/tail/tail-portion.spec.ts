import { expect, it } from 'vitest';
import { PORTION_BYTES, portionsOf, TailPortion } from './tail-portion.js';

const pieceOf = (lines: readonly string[]) => ({
  lines: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  count: lines.length,
});

it('a small piece is one portion', () => {
  expect([...portionsOf(pieceOf(['a', 'b']))].map(({ count, bytes }) => [count, bytes])).toEqual([[2, 4]]);
});

it('a large piece is cut between lines, and nothing of it is lost', () => {
  const lines = Array.from({ length: 1_000 }, (_, n) => `${n}`.repeat(1 + (n % 500)));
  lines.splice(500, 0, 'x'.repeat(3 * PORTION_BYTES));
  const portions = [...portionsOf(pieceOf(lines))];
  expect(Buffer.concat(portions.map((one) => one.lines)).equals(pieceOf(lines).lines)).toBe(true);
  expect(portions.reduce((sum, { count }) => sum + count, 0)).toBe(lines.length);
  for (const { bytes, count, lines: text } of portions) {
    expect(bytes <= PORTION_BYTES || count === 1).toBe(true);
    expect(Buffer.from(text).toString().split('\n').length - 1).toBe(count);
  }
});

it('makes each form once', () => {
  const portion = new TailPortion(Buffer.from('{"a":1}\n{"b":2}\n'), 2);
  let made = 0;
  const make = (texts: readonly string[]): string => `${(made += 1)}: ${texts.join(' ')}`;
  expect([portion.form('x', make), portion.form('x', make)]).toEqual([
    '1: {"a":1} {"b":2}',
    '1: {"a":1} {"b":2}',
  ]);
});
