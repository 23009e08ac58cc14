import { searchedText } from '../schema/tables.js';
import type { BoundValues } from './bound-values.js';
import type { FieldTerm } from './field-term.js';
import { isWordPattern, likeOf, literalLike, textBetweenStars } from './like-pattern.js';
import { innerTokens, tokensOf } from './tokens.js';

/** Conditions on pieces of text; letter case is ignored in all of them. */

/** Every one of the words is a word of the field; one that has no letter or digit stands anywhere in it. */
export function renderWords(term: FieldTerm, words: readonly string[], values: BoundValues): string {
  const signs = words.filter((word) => word !== '' && tokensOf([word]).length === 0);
  const conditions = signs.map((word) => renderContains(term, word, values));
  const tokens = tokensOf(words);
  if (tokens.length > 0) conditions.push(hasTokens(term, tokens, values));
  return conditions.length === 0 ? '1' : `(${conditions.join(' AND ')})`;
}

/** The words of the phrase are words of the field, and the phrase stands in it. */
export function renderPhrase(term: FieldTerm, text: string, values: BoundValues): string {
  const tokens = tokensOf([text]);
  if (tokens.length === 1 && tokens[0] === text) return hasTokens(term, tokens, values);
  const there = `position(${lowered(term)}, lowerUTF8(${values.bind('String', text)})) > 0`;
  return tokens.length === 0 ? there : `(${hasTokens(term, tokens, values)} AND ${there})`;
}

/** Each run of non-blank characters is a phrase. */
export function renderPhrases(term: FieldTerm, text: string, values: BoundValues): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return '1';
  return `(${words.map((word) => renderPhrase(term, word, values)).join(' AND ')})`;
}

export function renderContains(term: FieldTerm, text: string, values: BoundValues): string {
  const there = `position(${lowered(term)}, lowerUTF8(${values.bind('String', text)})) > 0`;
  const whole = term.kind === 'text' ? innerTokens(text) : [];
  const condition = whole.length === 0 ? there : `(${hasTokens(term, whole, values)} AND ${there})`;
  return whenPresent(term, condition);
}

export function renderWildcard(term: FieldTerm, pattern: string, values: BoundValues): string {
  const text = textBetweenStars(pattern);
  if (text !== undefined) return renderContains(term, text, values);
  const like = likeOf(pattern);
  const fits = (text: string, bound: string): string =>
    `${text} LIKE lowerUTF8(${values.bind('String', bound)})`;
  if (term.kind !== 'text') return whenPresent(term, fits(lowered(term), like));
  if (!isWordPattern(pattern)) return fits(lowered(term), `%${like}%`);
  const longest = pattern.split(/[*?]/).sort((a, b) => b.length - a.length)[0] ?? '';
  const word = `arrayExists(word -> ${fits('word', like)}, tokens(${lowered(term)}, 'splitByNonAlpha'))`;
  return `(${fits(lowered(term), `%${literalLike(longest)}%`)} AND ${word})`;
}

function hasTokens(term: FieldTerm, tokens: readonly string[], values: BoundValues): string {
  const wanted = tokens.map((token) => `lowerUTF8(${values.bind('String', token)})`);
  return `hasAllTokens(${lowered(term)}, [${wanted.join(', ')}])`;
}

/** Exactly what the text index is built on, where there is one. */
function lowered(term: FieldTerm): string {
  return term.kind === 'text' ? searchedText(term.name) : `lowerUTF8(${term.text})`;
}

/** An absent field is not an empty text. */
function whenPresent(term: FieldTerm, condition: string): string {
  return term.present === '1' ? condition : `(${term.present} AND ${condition})`;
}
