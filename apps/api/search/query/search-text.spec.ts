import { expect, it } from 'vitest';
import type { Filter } from '#plugin-kit';
import { searchFilters } from './search-text.js';

const words = (...list: string[]): Filter => ({ kind: 'words', words: list });
const phrase = (text: string): Filter => ({ kind: 'phrase', field: 'message', text });
const contains = (text: string): Filter => ({ kind: 'contains', field: 'message', text });

it.each<[string, readonly Filter[]]>([
  ['', []],
  ['  ', []],
  [' timed  out ', [words('timed', 'out')]],
  ['grüße "timed out" x', [words('grüße', 'x'), phrase('timed out')]],
  ['*ime*', [contains('ime')]],
  ['*', [phrase('*')]],
  ['**', [phrase('**')]],
  ['10.0.0.1 user@x', [phrase('10.0.0.1'), phrase('user@x')]],
  ['"not closed', [phrase('"not'), words('closed')].reverse()],
  ['""', [phrase('""')]],
  ['AND (field:x)', [words('AND'), phrase('(field:x)')]],
])('%j is searched for as it reads', (search, expected) => {
  expect(searchFilters(search)).toEqual(expected);
});
