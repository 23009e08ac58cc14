import { DIGIT, HEX, isAt, LETTER } from './bytes.js';

const ZERO = 48;
const DOT = 46;
const SPACE = 32;
const DASH = 45;
const LEAST = 13;
const MOST = 19;
/** The digits of the number that is looked at; a look never waits. */
const DIGITS = new Uint8Array(MOST);
/** How far a run of letters and digits around a number is looked at. */
const AROUND = 64;

/**
 * Where the card number ends that begins at this digit; undefined where none does: 13 to 19 digits, single spaces or dashes
 * between them, with the beginning and length of a card scheme (ISO/IEC 7812) and the check digit of Luhn. Digits of a
 * longer number, of a fraction and of a hexadecimal id are none.
 *
 * @param from a digit that no digit stands before
 * @param to end of what may be looked at
 */
export function cardEnd(bytes: Uint8Array, from: number, to: number): number | undefined {
  const first = (bytes[from] as number) - ZERO;
  if (first < 2 || first > 6 || isFraction(bytes, from)) return undefined;
  let found: number | undefined;
  for (let at = from, count = 0; at < to && count < MOST;) {
    DIGITS[count] = (bytes[at] as number) - ZERO;
    count += 1;
    at += 1;
    const isGroupEnd = at >= to || !isAt(bytes, at, DIGIT);
    if (isGroupEnd && count >= LEAST && isCard(DIGITS.subarray(0, count))) found = at;
    if (!isGroupEnd) continue;
    if (at + 1 >= to || !isSeparator(bytes[at]) || !isAt(bytes, at + 1, DIGIT)) break;
    at += 1;
  }
  return found !== undefined && !isHexId(bytes, from, found) ? found : undefined;
}

function isSeparator(byte: number | undefined): boolean {
  return byte === SPACE || byte === DASH;
}

/** Digits behind a decimal point. */
function isFraction(bytes: Uint8Array, from: number): boolean {
  return bytes[from - 1] === DOT && isAt(bytes, from - 2, DIGIT);
}

function isCard(digits: Uint8Array): boolean {
  return fitsScheme(digits) && luhnSum(digits) % 10 === 0;
}

/** Beginnings and lengths: Visa, Mastercard, American Express, Diners, JCB; Discover, UnionPay and Maestro by their first digits. */
function fitsScheme(digits: Uint8Array): boolean {
  const { length } = digits;
  const two = (digits[0] as number) * 10 + (digits[1] as number);
  const four = two * 100 + (digits[2] as number) * 10 + (digits[3] as number);
  if (two >= 40 && two <= 49) return length === 13 || length === 16 || length === 19;
  if (two === 34 || two === 37) return length === 15;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 30 || two === 36 || two === 38 || two === 39) return length >= 14;
  if (two === 35) return length >= 16;
  return two >= 50;
}

function luhnSum(digits: Uint8Array): number {
  let sum = 0;
  digits.forEach((digit, at) => {
    const isDoubled = (digits.length - at) % 2 === 0;
    sum += isDoubled ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit;
  });
  return sum;
}

/** Whether letters stand beside it, and it and they are nothing but hexadecimal digits. */
function isHexId(bytes: Uint8Array, from: number, end: number): boolean {
  let [start, stop] = [from, end];
  while (start > from - AROUND && isAt(bytes, start - 1, DIGIT | LETTER)) {
    start -= 1;
    if (!isAt(bytes, start, HEX)) return false;
  }
  while (stop < end + AROUND && isAt(bytes, stop, DIGIT | LETTER)) {
    if (!isAt(bytes, stop, HEX)) return false;
    stop += 1;
  }
  return start < from || stop > end;
}
