import { describe, expect, it } from 'vitest';
import { compilePattern, MAX_PATTERN_LENGTH, PatternError } from './linear-pattern.js';
import type { PatternMistake } from './pattern-mistake.js';

function mistakeOf(source: string): PatternMistake {
  try {
    compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError) return error.mistake;
    throw error;
  }
  throw new Error('it is a pattern');
}

describe('a pattern', () => {
  it('gives its groups by number, with their names', () => {
    const pattern = compilePattern('^(?P<a>\\w+) (\\d+)?(?<b>x)?');
    expect(pattern.groupNames).toEqual(['a', undefined, 'b']);
    expect(pattern.match('hey x')).toEqual(['hey', undefined, 'x']);
    expect(pattern.match('hey 12')).toEqual(['hey', '12', undefined]);
    expect(pattern.match('?')).toBeUndefined();
    expect([pattern.test('hey '), pattern.test('?')]).toEqual([true, false]);
  });

  it('is found anywhere, unless it is bound to an end', () => {
    expect(compilePattern('(b+)').match('aabb')).toEqual(['bb']);
    expect(compilePattern('^(b+)').match('aabb')).toBeUndefined();
  });

  it('has the flags that it is given, and its own', () => {
    expect(compilePattern('a.b').test('A\nb')).toBe(false);
    expect(compilePattern('a.b', { ignoreCase: true, dotAll: true }).test('A\nb')).toBe(true);
    expect(compilePattern('(?i)a(?s).b').test('A\nB')).toBe(true);
  });

  it('knows characters beyond the first plane', () => {
    expect(compilePattern('^(.)(\\pL)$').match('\u{1f680}é')).toEqual(['\u{1f680}', 'é']);
  });

  it.each([
    ['(a+)+b', 'a'],
    ['(\\w+\\s?)*!', 'a '],
    ['(.*)*x$', 'ab'],
    ['(?P<a>.*)(?P<b>.*)(?P<c>.*)=', 'a '],
    ['(?:a?){50}a{50}$', 'a'],
  ])('takes its time only for the length of the text: %s', (source, piece) => {
    const pattern = compilePattern(source);
    // Backtracking would not end before the test's own time does.
    expect(() => pattern.match(piece.repeat(10_000))).not.toThrow();
  });
});

describe('what is no pattern', () => {
  it.each<[string, RegExp, RegExp]>([
    ['ab(c', /group without an end, at character 3/, /Close it/],
    ['a\\(b)c', /not opened, at character 5/, /\\\)/],
    ['[)](', /without an end, at character 4/, /Close it/],
    ['[a', /bracket|closing \]/, /Close the set/],
    ['a**', /repetition.*at character 2/, /quantifier/],
    ['*a', /repetition.*at character 1/, /quantifier/],
    ['a{2000}', /repeat.*at character 2/, /1,000/],
    ['(?=a)b', /looks ahead or behind, at character 1/, /RE2 can not/],
    ['ab(?<!a)', /looks ahead or behind, at character 3/, /RE2 can not/],
    ['(a)\\1', /refers back to a group, at character 4/, /both places/],
    ['(?>a)', /atomic group, at character 1/, /\(\?:/],
    ['a++', /possessive quantifier, at character 2/, /second/],
    ['\\y', /escape.*at character 1/, /backslash/],
    ['(?P<a>x)(?P<a>y)', /duplicate/, /each name once/],
    ['(?P<a b>x)', /named capture.*at character 1/, /Name a group/],
    ['[z-a]', /range.*at character 2/, /lower end/],
  ])('%s says what, where and how to mend it', (source, message, mend) => {
    expect(mistakeOf(source).message).toMatch(message);
    expect(mistakeOf(source).mend).toMatch(mend);
  });

  it.each([
    ['too long', 'a'.repeat(MAX_PATTERN_LENGTH + 1), /characters/],
    ['too many groups', '(a)'.repeat(101), /101 groups/],
    [
      'too large a machine',
      '(?:[ab]{1000}|[cd]{1000}|[ef]{1000}|[gh]{1000}|[ij]{1000})',
      /instructions|large/,
    ],
  ])('is one that is %s', (_what, source, message) => {
    expect(mistakeOf(source).message).toMatch(message);
  });

  it('is one that would take long to make', () => {
    expect(mistakeOf(`(?:${'a'.repeat(300)}){1000}`)).toMatchObject({
      message: expect.stringContaining('4000 instructions'),
      mend: expect.stringContaining('repeat less'),
    });
  });

  it('is not one that only looks like those of other engines', () => {
    expect(compilePattern('\\\\1 \\(\\?=x\\) [*+]+').test('\\1 (?=x) ++')).toBe(true);
  });
});
