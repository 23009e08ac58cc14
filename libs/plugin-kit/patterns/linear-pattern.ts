import { RE2JS, RE2JSException } from 're2js';
import { describeMistake, type PatternMistake } from './pattern-mistake.js';
import { repeatedSize } from './repeated-size.js';

/** Characters of a pattern, with all that it names put in its place. */
export const MAX_PATTERN_LENGTH = 16_384;
/** Instructions of the machine that a pattern becomes. */
export const MAX_PATTERN_SIZE = 4_000;
/**
 * Characters that a pattern stands for, with its repetitions, at most: many more than become so many instructions. The
 * engine itself stops at 1.4 million, which takes it half a minute.
 */
const MAX_REPEATED_SIZE = 10 * MAX_PATTERN_SIZE;
/** Groups of a pattern. */
export const MAX_PATTERN_GROUPS = 100;

/** What a pattern found: the text of each group, in the order of their numbers from 1 on; undefined where it took no part. */
export type PatternMatch = readonly (string | undefined)[];

/** A pattern in RE2's syntax, whose time grows with the text's length and never faster. */
export interface LinearPattern {
  /** Names of its groups, by their numbers from 1 on; undefined where a group has none. */
  readonly groupNames: readonly (string | undefined)[];
  /** Instructions: what a character may cost, at most. */
  readonly size: number;
  /** Whether it is found anywhere in the text. */
  test(text: string): boolean;
  /** What it finds first in the text. */
  match(text: string): PatternMatch | undefined;
}

/** How a pattern is read. */
export interface PatternFlags {
  /** Whether upper and lower case are the same. */
  readonly ignoreCase?: boolean;
  /** Whether `.` stands for line ends too. */
  readonly dotAll?: boolean;
}

/** A pattern that can't be used, with what is wrong and where. */
export class PatternError extends Error {
  constructor(readonly mistake: PatternMistake) {
    super(mistake.message);
  }
}

/**
 * Makes a pattern (https://github.com/google/re2/wiki/Syntax). It is found anywhere in a text: `^` and `$` bind it to the
 * text's ends.
 *
 * @throws PatternError where it is no such pattern, or too large
 */
export function compilePattern(
  source: string,
  { ignoreCase = false, dotAll = false }: PatternFlags = {},
): LinearPattern {
  if (source.length > MAX_PATTERN_LENGTH)
    throw tooLarge(`has ${source.length} characters; at most ${MAX_PATTERN_LENGTH} are read`);
  if (repeatedSize(source) > MAX_REPEATED_SIZE)
    throw tooLarge(
      `stands for more than ${MAX_REPEATED_SIZE} characters with all that it repeats, too many for a machine of ${MAX_PATTERN_SIZE} instructions`,
    );
  const flags = (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (dotAll ? RE2JS.DOTALL : 0);
  const compiled = compile(source, flags);
  const groups = compiled.groupCount();
  const size = compiled.re2().numberOfInstructions();
  if (groups > MAX_PATTERN_GROUPS)
    throw tooLarge(`has ${groups} groups; at most ${MAX_PATTERN_GROUPS} are kept`);
  if (size > MAX_PATTERN_SIZE)
    throw tooLarge(`becomes a machine of ${size} instructions; it may have ${MAX_PATTERN_SIZE}`);
  return {
    groupNames: namesOf(compiled.namedGroups(), groups),
    size,
    test: (text) => compiled.test(text),
    match: (text) => matchOf(compiled, text, groups),
  };
}

function compile(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(describeMistake(source, error));
    throw error;
  }
}

function tooLarge(message: string): PatternError {
  const mend = 'Shorten it, repeat less (`{1,1000}`), or make several patterns of it.';
  return new PatternError({ message, mend });
}

function namesOf(named: Readonly<Record<string, number>>, groups: number): readonly (string | undefined)[] {
  const names = new Array<string | undefined>(groups).fill(undefined);
  for (const [name, at] of Object.entries(named)) names[at - 1] = name;
  return names;
}

function matchOf(compiled: RE2JS, text: string, groups: number): PatternMatch | undefined {
  const [isFound, places] = compiled.re2().matchWithGroup(text, 0, text.length, 0, groups + 1);
  if (!isFound || places === null) return undefined;
  return Array.from({ length: groups }, (_, group) => {
    const begin = places[group * 2 + 2] ?? -1;
    return begin < 0 ? undefined : text.slice(begin, places[group * 2 + 3]);
  });
}
