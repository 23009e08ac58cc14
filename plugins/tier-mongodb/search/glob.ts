/**
 * Whether a whole text fits a pattern of `*`, `?` and plain characters, a backslash before one that stands for itself. In time
 * of their product at most, which no regular expression promises.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const parts = partsOf(pattern);
  return (text) => fits(parts, [...text]);
}

/** The text of a pattern that is a plain text between two `*`; undefined of any other. */
export function textBetweenStars(pattern: string): string | undefined {
  const [, text] = /^\*+((?:[^*?\\]|\\[^])+)\*+$/.exec(pattern) ?? [];
  return text?.replaceAll(/\\([^])/g, '$1');
}

/** Whether a pattern is of word characters and wildcards alone, so that it can fit one word. */
export function isWordPattern(pattern: string): boolean {
  return /^[0-9A-Za-z*?\u0080-\uffff]+$/.test(pattern);
}

const ANY = Symbol('any text');
const ONE = Symbol('one character');
type Part = string | typeof ANY | typeof ONE;

/** A backslash at the end is itself. */
function partsOf(pattern: string): readonly Part[] {
  const characters = [...pattern];
  const parts: Part[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] as string;
    if (character === '*') parts.push(ANY);
    else if (character === '?') parts.push(ONE);
    else if (character === '\\' && at + 1 < characters.length) parts.push(characters[(at += 1)] as string);
    else parts.push(character);
  }
  return parts;
}

/** Goes back to the last `*` alone: what lies before it fits already. */
function fits(parts: readonly Part[], text: readonly string[]): boolean {
  let [part, star, from] = [0, -1, 0];
  for (let at = 0; at < text.length;) {
    const wanted = parts[part];
    if (wanted === ANY) [star, from, part] = [part, at, part + 1];
    else if (wanted === ONE || wanted === text[at]) [part, at] = [part + 1, at + 1];
    else if (star < 0) return false;
    else [part, from, at] = [star + 1, from + 1, from + 1];
  }
  return parts.slice(part).every((rest) => rest === ANY);
}
