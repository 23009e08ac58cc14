/** One member of a line such as `level=info msg="it \"works\"" cached`. */
export interface KeyValue {
  readonly key: string;
  /** Escapes undone; undefined for a key that stands alone. */
  readonly value: string | undefined;
  /** Whether the value stood in quotes: `"7"` is text where `7` may be a number. */
  readonly isQuoted: boolean;
  /** Index at which it begins, and the one after it. */
  readonly begin: number;
  readonly end: number;
}

/** What {@link scanKeyValues} read. */
export interface KeyValues {
  readonly pairs: readonly KeyValue[];
  /** Whether the last value's closing quote is missing: the line was cut. */
  readonly isCut: boolean;
  /** Index after the last pair; the text's length unless there are too many. */
  readonly end: number;
}

/** Pairs of one text that are read; storage takes 2,000 attributes. */
export const MAX_PAIRS = 1_900;

const SPACE = 0x20;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads `key=value` members, parted by spaces or control characters, from `at` on. A value is bare, up to the next space,
 * or in double quotes, in which a backslash escapes: `\"`, `\\`, `\/`, `\n`, `\r`, `\t`, `\b`, `\f`, `\u00e9`; before anything
 * else it stays. A key has no space, `=` or quote in it. A member without `=` is a key that stands alone; quotes that
 * begin a member are part of it, and an `=` that begins one is skipped. Takes time in proportion to the text's length.
 */
export function scanKeyValues(text: string, at = 0): KeyValues {
  const pairs: KeyValue[] = [];
  const scan: Scan = { text, end: at, isCut: false };
  for (;;) {
    scan.end = skipGaps(text, scan.end);
    if (scan.end >= text.length || pairs.length >= MAX_PAIRS) break;
    pairs.push(scanPair(scan));
  }
  return { pairs, isCut: scan.isCut, end: scan.end };
}

interface Scan {
  readonly text: string;
  end: number;
  isCut: boolean;
}

function scanPair(scan: Scan): KeyValue {
  const { text, end: begin } = scan;
  const equals = keyEnd(text, begin);
  const key = text.slice(begin, equals);
  scan.end = equals;
  if (text.charCodeAt(equals) !== EQUALS)
    return { key, value: undefined, isQuoted: false, begin, end: equals };
  scan.end += 1;
  const isQuoted = text.charCodeAt(scan.end) === QUOTE;
  const value = isQuoted ? scanQuoted(scan) : scanWord(scan);
  return { key, value, isQuoted, begin, end: scan.end };
}

/** Where spaces, control characters and signs of equality without a key end. */
function skipGaps(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code <= SPACE || code === EQUALS; code = text.charCodeAt(end))
    end += 1;
  return end;
}

function keyEnd(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code > SPACE && code !== EQUALS; code = text.charCodeAt(end))
    end += 1;
  return end;
}

function scanWord(scan: Scan): string {
  const from = scan.end;
  while (scan.text.charCodeAt(scan.end) > SPACE) scan.end += 1;
  return scan.text.slice(from, scan.end);
}

/** Reads the value whose opening quote is at `scan.end`; without a closing one it goes on to the end of the text. */
function scanQuoted(scan: Scan): string {
  const { text } = scan;
  const from = scan.end + 1;
  let to = from;
  let hasEscape = false;
  for (let code = text.charCodeAt(to); to < text.length && code !== QUOTE; code = text.charCodeAt(to)) {
    hasEscape ||= code === BACKSLASH;
    to += code === BACKSLASH ? 2 : 1;
  }
  scan.isCut = to >= text.length;
  scan.end = Math.min(to + 1, text.length);
  const value = text.slice(from, Math.min(to, text.length));
  return hasEscape ? unescapeQuoted(value) : value;
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;
const HALF_SURROGATE = /\p{Surrogate}/u;
const MEANINGS: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
};

/** Half of a surrogate pair is no text: its escape stays as it is written. */
function unescapeQuoted(value: string): string {
  const text = value.replace(ESCAPE, (whole, hex: string | undefined, letter: string | undefined) =>
    hex === undefined
      ? (letter !== undefined && Object.hasOwn(MEANINGS, letter) && MEANINGS[letter]) || whole
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return HALF_SURROGATE.test(text) ? value : text;
}
