import { DIGIT, isAt, LETTER, TOKEN } from './bytes.js';

/** A beginning of tokens, and how many bytes must follow it. */
interface Prefix {
  readonly bytes: Buffer;
  readonly least: number;
  /** Letter case doesn't matter, and it stays: the token is what follows. */
  readonly isWord: boolean;
}

/** Of the systems' own descriptions of their keys: a prefix, and the least number of characters behind it. */
const PREFIXES: readonly (readonly [prefix: string, least: number])[] = [
  ['eyJ', 20],
  ['alv_', 20],
  ...['sk_live_', 'sk_test_', 'pk_live_', 'pk_test_', 'rk_live_', 'rk_test_', 'whsec_'].map(
    (prefix) => [prefix, 10] as const,
  ),
  ['sk-', 20],
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'].map((prefix) => [prefix, 20] as const),
  ...['glpat-', 'gldt-', 'glrt-'].map((prefix) => [prefix, 15] as const),
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xapp-'].map((prefix) => [prefix, 10] as const),
  ...['AKIA', 'ASIA'].map((prefix) => [prefix, 16] as const),
  ['AIza', 30],
  ['ya29.', 20],
  ['npm_', 30],
  ['pypi-', 30],
  ['hf_', 20],
  ['SG.', 30],
  ['dop_v1_', 40],
  ['shpat_', 20],
  ['hvs.', 20],
];
/** Words of `Authorization` (RFC 9110, section 11.6.2) with a token behind a space. */
const WORDS: readonly (readonly [word: string, least: number])[] = [
  ['bearer ', 8],
  ['basic ', 8],
];

const BY_FIRST = new Map<number, Prefix[]>();
const add = (text: string, least: number, isWord: boolean): void => {
  const bytes = Buffer.from(text);
  for (const first of isWord ? [text, text.toUpperCase()] : [text]) {
    const code = first.charCodeAt(0);
    BY_FIRST.set(code, [...(BY_FIRST.get(code) ?? []), { bytes, least, isWord }]);
  }
};
for (const [prefix, least] of PREFIXES) add(prefix, least, false);
for (const [word, least] of WORDS) add(word, least, true);

/** The first bytes of all beginnings. */
export const TOKEN_STARTS: readonly number[] = [...BY_FIRST.keys()];

/** Whether a beginning has these two bytes first: `(first << 8) | second`. */
const PAIRS = new Uint8Array(65_536);
for (const [first, prefixes] of BY_FIRST)
  for (const { bytes, isWord } of prefixes) {
    const second = bytes[1] as number;
    PAIRS[(first << 8) | second] = 1;
    if (isWord) PAIRS[(first << 8) | (second & ~0x20)] = 1;
  }

/** Whether a token may begin here, by a look at two bytes and the one before them. */
export function mayBeToken(bytes: Uint8Array, at: number): boolean {
  const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
  return PAIRS[pair] !== 0 && !isAt(bytes, at - 1, LETTER | DIGIT);
}

/** The token that begins at this byte, or behind the word that does; undefined where there is none. */
export function tokenAt(
  bytes: Uint8Array,
  at: number,
  to: number,
): readonly [from: number, to: number] | undefined {
  if (!mayBeToken(bytes, at)) return undefined;
  for (const prefix of BY_FIRST.get(bytes[at] as number) ?? []) {
    if (!startsWith(bytes, at, prefix)) continue;
    const behind = at + prefix.bytes.length;
    const end = tokenEnd(bytes, behind, to);
    if (end - behind >= prefix.least) return [prefix.isWord ? behind : at, end];
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, at: number, { bytes: prefix, isWord }: Prefix): boolean {
  for (let n = 0; n < prefix.length; n += 1) {
    const byte = bytes[at + n] ?? 0;
    const isLetter = byte >= 0x41 && byte <= 0x5a;
    if ((isWord && isLetter ? byte | 0x20 : byte) !== prefix[n]) return false;
  }
  return true;
}

/** A full stop at the end is the sentence's. */
function tokenEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && isAt(bytes, end, TOKEN)) end += 1;
  while (end > from && bytes[end - 1] === 46) end -= 1;
  return end;
}
