import { isEscaped } from '#plugin-kit';

/** What stands behind the header. */
export interface CefExtension {
  /** In order; a key may be there several times. */
  readonly keys: readonly string[];
  /** The value of each key, escapes undone. */
  readonly values: readonly string[];
  /** Text before the first key. */
  readonly unread: string;
  /** What isn't as the standard says, one sentence each. */
  readonly faults: readonly string[];
}

/** Pairs of one line that are read; storage takes 2,000 attributes. */
export const MAX_PAIRS = 1_900;
/** Characters of a key: with a prefix they stay below the 256 bytes that storage takes. */
const MAX_KEY = 80;

const [SPACE, TAB, EQUALS] = [0x20, 0x09, 0x3d];
const FIRST_OTHER = 0x80;
/** 1 for letters, digits and underscore; 2 for what a key may have behind its first character; 3 for {@link RARE_KEY}'s. */
const KEY_CHARACTERS = new Uint8Array(FIRST_OTHER);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_')
  KEY_CHARACTERS[character.charCodeAt(0)] = 1;
for (const character of '.-') KEY_CHARACTERS[character.charCodeAt(0)] = 2;
for (const character of ',[]') KEY_CHARACTERS[character.charCodeAt(0)] = 3;
/** Commas only behind a dot, brackets only around a number at the end: `ad.Error_,Code`, `ad.name[1]`. */
const RARE_KEY = /^[^.,[\]]+(?:\.[^.[\]]*)*(?:\[\d{1,9}\])?$/;

const ESCAPE = /\\([\\=|nr"\]])/g;

const BARE_EQUALS = 'A value has an = without a backslash before it.';
const TAB_BETWEEN = 'Keys are parted by tabs in place of spaces.';
const NO_KEY = 'Behind the header stands text without a key.';
const TOO_MANY = `There are more than ${MAX_PAIRS} keys; those behind are in the last value.`;

/**
 * Reads `key=value key=value`, in which values may have spaces: a key is what stands between a space and an `=`. Spaces
 * before a key are no part of the value before it. Takes time in proportion to the text's length.
 */
export function scanCefExtension(text: string, at: number): CefExtension {
  const keys: string[] = [];
  const values: string[] = [];
  const faults: string[] = [];
  const blame = (fault: string): void => void (faults.includes(fault) || faults.push(fault));
  const unescape = text.includes('\\', at) ? unescapeValue : asItIs;
  let [from, unread] = [at, ''];
  for (let equals = text.indexOf('=', at); equals >= 0; equals = text.indexOf('=', equals + 1)) {
    const begin = keyBefore(text, equals, from);
    if (begin < 0) {
      if (!isEscaped(text, equals)) blame(BARE_EQUALS);
      continue;
    }
    if (keys.length > 0 && text.charCodeAt(begin - 1) === TAB) blame(TAB_BETWEEN);
    if (keys.length >= MAX_PAIRS) {
      blame(TOO_MANY);
      break;
    }
    if (keys.length === 0) unread = text.slice(at, begin).trim();
    else values.push(unescape(text.slice(from, valueEnd(text, from, begin))));
    keys.push(text.slice(begin, equals));
    from = equals + 1;
  }
  if (keys.length === 0) unread = text.slice(at).trim();
  else values.push(unescape(text.slice(from).trimEnd()));
  if (unread !== '') blame(NO_KEY);
  return { keys, values, unread, faults };
}

/** Where the key that ends before `equals` begins, not before `from`; -1 where there is none. */
function keyBefore(text: string, equals: number, from: number): number {
  const lowest = Math.max(from, equals - MAX_KEY);
  let begin = equals;
  let [first, rarest] = [0, 0];
  for (; begin > lowest; begin -= 1) {
    const kind = characterKind(text.charCodeAt(begin - 1));
    if (kind === 0) break;
    first = kind;
    if (kind > rarest) rarest = kind;
  }
  if (first !== 1) return -1;
  const before = text.charCodeAt(begin - 1);
  // The place behind the header's bar, and behind the = before: there a key may begin without a space.
  const isApart = before === SPACE || before === TAB || (begin === from && before !== EQUALS);
  if (!isApart) return -1;
  return rarest === RARE && !RARE_KEY.test(text.slice(begin, equals)) ? -1 : begin;
}

const RARE = 3;

/** Letters beyond ASCII may begin a key. */
function characterKind(code: number): number {
  return code < FIRST_OTHER ? (KEY_CHARACTERS[code] as number) : 1;
}

/** Where the value before the key at `to` ends: without the space or tab between them, and without more spaces. */
function valueEnd(text: string, from: number, to: number): number {
  let end = to > from ? to - 1 : to;
  while (end > from && text.charCodeAt(end - 1) === SPACE) end -= 1;
  return end;
}

const asItIs = (value: string): string => value;

function unescapeValue(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(ESCAPE, (_whole, escaped: string) =>
    escaped === 'n' ? '\n' : escaped === 'r' ? '\r' : escaped,
  );
}
