/** What LIKE reads in a pattern besides plain text. */
const SPECIAL = /[\\%_]/g;

/** Text that stands for itself in a pattern of LIKE. */
export function literalLike(text: string): string {
  return text.replaceAll(SPECIAL, '\\$&');
}

/** A pattern with `*`, `?` and backslash as one of LIKE. A backslash at the end is itself. */
export function likeOf(pattern: string): string {
  return pattern.replaceAll(/\\([^])|[*?]|[\\%_]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return literalLike(escaped);
    if (found === '*') return '%';
    return found === '?' ? '_' : literalLike(found);
  });
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
