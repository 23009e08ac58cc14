import type { Filter } from '#plugin-kit';

const FIELD = 'message';
/** `"a phrase"`, or a run of what is not blank. */
const PART = /"([^"]+)"|\S+/g;
/** Only letters, digits and what is beyond ASCII: what the index takes for one word. */
const WORD = /^[0-9A-Za-z\u0080-\uffff]+$/;

/**
 * What a `search` means, every part of which must be found in `message`, letter case ignored: words, `"phrases"`, and
 * `*pieces*` of words. A word with other signs in it (`10.0.0.1`) stands as it is written. Every text means something:
 * there are no mistakes to make.
 */
export function searchFilters(search: string): readonly Filter[] {
  const parts = [...search.matchAll(PART)].map(([whole, phrase]) => ({ whole, phrase }));
  const words = parts.filter(({ whole, phrase }) => phrase === undefined && WORD.test(whole));
  const others = parts.filter((part) => !words.includes(part));
  return [
    ...(words.length > 0 ? [{ kind: 'words', words: words.map(({ whole }) => whole) } as const] : []),
    ...others.map(({ whole, phrase }) => (phrase === undefined ? ofSigns(whole) : phraseOf(phrase))),
  ];
}

function ofSigns(text: string): Filter {
  const isPiece = text.length > 2 && text.startsWith('*') && text.endsWith('*');
  return isPiece ? { kind: 'contains', field: FIELD, text: text.slice(1, -1) } : phraseOf(text);
}

function phraseOf(text: string): Filter {
  return { kind: 'phrase', field: FIELD, text };
}
