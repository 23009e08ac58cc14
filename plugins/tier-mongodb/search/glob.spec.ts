import { expect, it } from 'vitest';
import { globMatcher } from './glob.js';

it.each([
  ['', '', true],
  ['*', '', true],
  ['?', '', false],
  ['a?c', 'abc', true],
  ['a*c', 'abcd', false],
  ['*b*d', 'abcbd', true],
  ['\\*', '*', true],
  ['\\*', 'x', false],
  ['a\\', 'a\\', true],
  ['?', '🙂', true],
])('%s fits %s: %s', (pattern, text, fits) => {
  expect(globMatcher(pattern)(text)).toBe(fits);
});

it('needs no more steps for many stars than their product with the text', () => {
  expect(globMatcher(`${'*a'.repeat(2_000)}b`)('a'.repeat(20_000))).toBe(false);
});
