import { globMatcher, isWordPattern, textBetweenStars } from './glob.js';
import type { Term } from './term.js';
import type { EventView } from '../documents/event-view.js';

/** Whether an event is in or out. */
export type Test = (view: EventView) => boolean;

/** What separates words: ASCII that is no letter or digit. */
const SEPARATORS = /[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/;

function tokensOf(text: string): string[] {
  return text.split(SEPARATORS).filter((token) => token !== '');
}

/** Tests of pieces of text; letter case is ignored in all of them. */

/** Every one of the words is a word of the field; one that has no letter or digit stands anywhere in it. */
export function words(term: Term, wanted: readonly string[]): Test {
  const signs = wanted.filter((word) => word !== '' && tokensOf(word).length === 0);
  const tests = signs.map((sign) => contains(term, sign));
  const tokens = wanted.flatMap(tokensOf);
  if (tokens.length > 0) tests.push(hasTokens(term, tokens));
  return (view) => tests.every((test) => test(view));
}

/** The words of the phrase are words of the field, and the phrase stands in it. */
export function phrase(term: Term, text: string): Test {
  const tokens = tokensOf(text);
  const there = hasText(term, text);
  if (tokens.length === 0) return there;
  const has = hasTokens(term, tokens);
  return (view) => there(view) && has(view);
}

/** Each run of non-blank characters is a phrase. */
export function phrases(term: Term, text: string): Test {
  const tests = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => phrase(term, word));
  return (view) => tests.every((test) => test(view));
}

export function contains(term: Term, text: string): Test {
  return hasText(term, text);
}

export function wildcard(term: Term, pattern: string): Test {
  const between = textBetweenStars(pattern);
  if (between !== undefined) return contains(term, between);
  const lowered = pattern.toLowerCase();
  if (term.kind !== 'text') return fitsText(term, globMatcher(lowered));
  if (!isWordPattern(pattern)) return fitsText(term, globMatcher(`*${lowered}*`));
  const fits = globMatcher(lowered);
  return fitsText(term, (text) => tokensOf(text).some(fits));
}

function hasText(term: Term, text: string): Test {
  const wanted = text.toLowerCase();
  return fitsText(term, (value) => value.includes(wanted));
}

function hasTokens(term: Term, tokens: readonly string[]): Test {
  const wanted = tokens.map((token) => token.toLowerCase());
  return fitsText(term, (value) => {
    const there = new Set(tokensOf(value));
    return wanted.every((token) => there.has(token));
  });
}

/** An absent field is not an empty text. */
function fitsText(term: Term, fits: (lowered: string) => boolean): Test {
  return (view) => {
    const text = term.text(view);
    return text !== undefined && fits(text.toLowerCase());
  };
}
