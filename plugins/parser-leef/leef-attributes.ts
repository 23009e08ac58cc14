/** What stands behind the header. */
export interface LeefAttributes {
  /** Keys and values in order; a key may be there several times. */
  readonly pairs: readonly (readonly [key: string, value: string])[];
  /** Text before the first key. */
  readonly unread: string;
  /** What isn't as LEEF has it, one sentence each. */
  readonly faults: readonly string[];
}

/** Pairs of one line that are read; storage takes 2,000 attributes. */
export const MAX_PAIRS = 1_900;
/** A key with spaces around it is no longer. */
const LONGEST_KEY = 160;

const NO_KEY = 'Behind the header stands text without a key.';
const WITHIN = 'A value has the delimiter in it.';
const TOO_MANY = `There are more than ${MAX_PAIRS} keys; those behind are in the last value.`;

/**
 * Reads `key=value` attributes with a delimiter between them. What stands between two delimiters and has no key is part of
 * the value before it. Of escapes `\=` is undone. Takes time in proportion to the text's length.
 */
export function scanLeefAttributes(text: string, between: string): LeefAttributes {
  const pairs: (readonly [string, string])[] = [];
  const faults = new Set<string>();
  const nextEquals = createFinder(text, '=');
  let unreadTo = 0;
  let open: OpenPair | undefined;
  for (let at = 0; at < text.length;) {
    const end = endOf(text, at, pairs.length < MAX_PAIRS ? between : undefined);
    const equals = nextEquals(at);
    if (equals < end && isKey(text, at, equals)) {
      if (open) pairs.push(close(text, open));
      open = { key: text.slice(at, equals).trim(), from: equals + 1, to: end };
    } else if (text.slice(at, end).trim() !== '') {
      if (open) {
        open.to = end;
        faults.add(WITHIN);
      } else unreadTo = end;
    }
    at = end + between.length;
  }
  if (open) pairs.push(close(text, open));
  const unread = text.slice(0, unreadTo).trim();
  if (unread !== '') faults.add(NO_KEY);
  if (pairs.length > MAX_PAIRS) faults.add(TOO_MANY);
  return { pairs, unread, faults: [...faults] };
}

/** A pair whose value may go on behind the next delimiter. */
interface OpenPair {
  readonly key: string;
  readonly from: number;
  to: number;
}

function close(text: string, { key, from, to }: OpenPair): readonly [string, string] {
  const value = text.slice(from, to);
  return [key, value.includes('\\=') ? value.replaceAll('\\=', '=') : value];
}

/** @param between undefined where all the rest is one */
function endOf(text: string, at: number, between: string | undefined): number {
  const end = between === undefined ? -1 : text.indexOf(between, at);
  return end < 0 ? text.length : end;
}

/** Makes what finds the next place of a character, asked for places in order: none is looked at twice. */
function createFinder(text: string, wanted: string): (at: number) => number {
  let found = -1;
  return (at) => {
    if (found < at) found = text.indexOf(wanted, at);
    if (found < 0) found = text.length;
    return found;
  };
}

/** With a prefix it stays below the 256 bytes that storage takes. */
const KEY = /^[^\s=\\]{1,80}$/;

function isKey(text: string, at: number, equals: number): boolean {
  return equals - at <= LONGEST_KEY && KEY.test(text.slice(at, equals).trim());
}
