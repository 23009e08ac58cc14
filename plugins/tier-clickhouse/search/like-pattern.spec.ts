import { expect, it } from 'vitest';
import { likeOf, textBetweenStars } from './like-pattern.js';

it.each([
  ['*set by pee*', 'set by pee'],
  ['**a**', 'a'],
  ['*a\\*b\\\\*', 'a*b\\'],
  ['*50%_*', '50%_'],
  ['*a*b*', undefined],
  ['*a?*', undefined],
  ['a*', undefined],
  ['*', undefined],
  ['**', undefined],
  ['*a\\*', undefined],
])('a pattern %s asks for the text %s', (pattern, text) => {
  expect(textBetweenStars(pattern)).toBe(text);
});

it('is a pattern of LIKE with what means nothing in it escaped', () => {
  expect(likeOf('a*b?c\\*100%_\\')).toBe('a%b_c*100\\%\\_\\\\');
});
