import { expect, it } from 'vitest';
import { repeatedSize } from './repeated-size.js';

it.each([
  ['', 0],
  ['abc', 3],
  ['^a*b+?$', 2],
  ['a{3}', 3],
  ['a{2,5}', 5],
  ['a{2,}b', 3],
  ['ab{0}', 1],
  ['(?:ab){10}', 20],
  ['(?P<n>a(b{10}){10})c', 102],
  ['(?i)a', 1],
  ['a|bc', 3],
  ['(?:a|b|[cd]){100}', 100],
  ['(?:a|bc){100}', 300],
  ['\\d{3}\\pL\\p{Greek}{2}\\x{1000}', 7],
  ['a\\{1000}', 7],
  ['[{1000}]{2}', 2],
  ['[]{9}]', 1],
  ['[[:alpha:]{9}]', 1],
  ['[^\\]]{4}', 4],
  ['\\Qa{99}\\E', 9],
  ['(a{5}', 5],
  ['[a', 1],
  ['\\p{a', 1],
  ['a)b', 2],
  ['{3}', 0],
])('%s has the size %d', (source, size) => {
  expect(repeatedSize(source)).toBe(size);
});

it('takes its time for the length of the pattern only', () => {
  // The square of this length would not end before the test's own time does.
  const length = 1_048_576;
  for (const piece of ['[', '(', '\\Q', '{1', '\\p{', '(?P<', '[[:', '(?a-'])
    expect(repeatedSize(piece.repeat(length / piece.length))).toBeLessThanOrEqual(length);
});
