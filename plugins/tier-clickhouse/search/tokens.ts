/** What separates words for the text index: ASCII that is no letter or digit. */
const SEPARATORS = /[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/;

/** Tokens as the text index cuts them: runs of ASCII letters and digits and of other characters beyond ASCII. */
export function tokensOf(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(SEPARATORS)).filter((token) => token !== '');
}

/**
 * Shortest token that is looked up before a piece of text is looked for. Short words are frequent, and then the look-up
 * and the rows that it leaves take longer than a look at all rows (`npm run bench:queries`, Q4b).
 */
const SHORTEST_INNER = 4;

/** The longer tokens of a piece of text that are whole wherever the piece stands: all but those at its ends. */
export function innerTokens(piece: string): string[] {
  return piece
    .split(SEPARATORS)
    .slice(1, -1)
    .filter((token) => token.length >= SHORTEST_INNER);
}
