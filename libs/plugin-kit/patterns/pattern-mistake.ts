import { RE2JSSyntaxException, type RE2JSException } from 're2js';

/** What keeps a text from being a pattern. */
export interface PatternMistake {
  /** What is wrong, and at which character (the first is 1), as the end of a sentence. */
  readonly message: string;
  /** A sentence. */
  readonly mend: string;
}

/** Constructs of other engines, which need more than one look at the text. */
const FOREIGN: readonly (readonly [form: RegExp, what: string, mend: string])[] = [
  [
    /\(\?<?[=!]/,
    'looks ahead or behind',
    'RE2 can not: match what stands there, and take what you need in a group.',
  ],
  [/\(\?>/, 'has an atomic group', 'RE2 never goes back: write `(?:` in its place.'],
  [/\\[1-9]|\\k</, 'refers back to a group', 'RE2 can not: match both places on their own.'],
  [/[*+?}]\+/, 'has a possessive quantifier', 'RE2 never goes back: leave the second `+` out.'],
];
const MENDS: readonly (readonly [what: RegExp, mend: string])[] = [
  [
    /escape/,
    'Double a backslash that is meant as itself; RE2 knows \\d \\w \\s \\b \\A \\z \\pN \\x7f and \\Q…\\E.',
  ],
  [/closing \]|missing \]/, 'Close the set with `]`; a `[` that is meant as itself is `\\[`.'],
  [/character class range/, 'Put the lower end first; a `-` that is meant as itself stands last.'],
  [/named capture|group name/, 'Name a group as `(?P<status>…)`: letters, digits and `_`, each name once.'],
  [
    /repetition|repeat/,
    'A quantifier stands behind what it repeats, at most 1,000 times; `\\*` is a star itself.',
  ],
];
const OTHER_MEND =
  'See https://github.com/google/re2/wiki/Syntax; a dry run tries a pattern before it is kept.';

/** Says in words for people what the engine found wrong with a pattern, and where. */
export function describeMistake(source: string, error: RE2JSException): PatternMistake {
  const foreign = FOREIGN.map(([form, ...rest]) => ({ at: placeOf(form, source), rest })).find(
    ({ at }) => at > 0,
  );
  if (foreign) {
    const [what, mend] = foreign.rest;
    return { message: `${what}, at character ${foreign.at}`, mend };
  }
  const unbalanced = unbalancedParenthesis(source);
  const [what, found] =
    error instanceof RE2JSSyntaxException ? [error.error, error.input] : [error.message, null];
  if (/paren|\)/i.test(what) && unbalanced) return unbalanced;
  const at = found ? source.indexOf(found) + 1 : 0;
  const where = at > 0 ? `, at character ${at}: ${found?.slice(0, 40)}` : '';
  const mend = MENDS.find(([form]) => form.test(what))?.[1] ?? OTHER_MEND;
  return { message: `is no pattern: ${what}${where}`, mend };
}

/** Character from 1 on; 0 where the form is nowhere. */
function placeOf(form: RegExp, source: string): number {
  // An escaped backslash or bracket begins none of the forms.
  return source.replaceAll(/\\[\\()[\]*+?{}]/g, '  ').search(form) + 1;
}

function unbalancedParenthesis(source: string): PatternMistake | undefined {
  const open: number[] = [];
  let isInSet = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    if (character === '\\') at += 1;
    else if (isInSet) isInSet = character !== ']';
    else if (character === '[') {
      isInSet = true;
      if (source[at + 1] === '^') at += 1;
      if (source[at + 1] === ']') at += 1;
    } else if (character === '(') open.push(at);
    else if (character === ')' && open.pop() === undefined)
      return {
        message: `closes a group that was not opened, at character ${at + 1}`,
        mend: 'Write `\\)` for a parenthesis that is meant as itself.',
      };
  }
  const at = open.pop();
  if (at === undefined) return undefined;
  return {
    message: `has a group without an end, at character ${at + 1}`,
    mend: 'Close it with `)`, or write `\\(` for a parenthesis that is meant as itself.',
  };
}
