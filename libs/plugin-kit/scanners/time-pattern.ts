import type { ParseContext } from '../kinds/parser.js';
import { createBsdTimeWriter } from './bsd-time.js';
import { createZoneSettler, type DeviceTime } from './device-time.js';
import { daysOfMonth } from './rfc3339.js';
import { scanZone } from './time-zone.js';

/** Longer patterns are not read. */
const LONGEST_PATTERN = 64;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LETTER = /[A-Za-z]/;
const LEAP_YEAR = 2_000;
/** Two digits of a year from here on are of the last century. */
const LAST_CENTURY = 80;

/** What is read so far; a letter of the pattern sets one of these. */
interface Parts {
  year?: number;
  month?: number;
  day?: number;
  hour: number;
  minute: number;
  second: number;
  fraction: string;
  /** Hours to add for PM; undefined where the clock has 24 hours. */
  half?: 0 | 12;
  /** `Z` or `+02:00`. */
  offset?: string;
}

/** Where reading stands. */
interface Reading {
  readonly text: string;
  at: number;
  readonly parts: Parts;
}

/**
 * Reads a time by the pattern that its sender declares, in the letters of Java's SimpleDateFormat, as LEEF's
 * `devTimeFormat` has them: y, M (`MM` or `MMM`), d, H, k, h and K with a, m, s, S, E, z, Z, X, and text in quotes. Undefined
 * where the text doesn't fit, or the pattern has other letters. The pattern is gone through, never made code of.
 *
 * @param context for a pattern without a year or a zone
 */
export function readPatternedTime(
  text: string,
  pattern: string,
  context: ParseContext,
): DeviceTime | undefined {
  if (pattern.length > LONGEST_PATTERN) return undefined;
  const parts: Parts = { hour: 0, minute: 0, second: 0, fraction: '' };
  const reading: Reading = { text: text.trim(), at: 0, parts };
  for (let from = 0; from < pattern.length;) {
    const to = runEnd(pattern, from);
    if (!readRun(reading, pattern.slice(from, to))) return undefined;
    from = to;
  }
  return reading.at === reading.text.length ? timeOf(parts, reading.at, context) : undefined;
}

/** Where the letters of one kind, the quoted text or the single character at `at` end. */
function runEnd(pattern: string, at: number): number {
  const first = pattern[at] ?? '';
  if (first === "'") {
    const close = pattern.indexOf("'", at + 1);
    return close < 0 ? pattern.length : close + 1;
  }
  let end = at + 1;
  while (LETTER.test(first) && pattern[end] === first) end += 1;
  return end;
}

function readRun(reading: Reading, run: string): boolean {
  const letter = run[0] ?? '';
  if (letter === "'") return readText(reading, run.length === 2 ? "'" : run.slice(1, -1));
  if (letter === ' ') return skipSpaces(reading);
  if (!LETTER.test(letter)) return readText(reading, letter);
  return Object.hasOwn(LETTERS, letter) && LETTERS[letter]?.(reading, run.length) === true;
}

function readText(reading: Reading, wanted: string): boolean {
  const isThere = reading.text.startsWith(wanted, reading.at);
  if (isThere) reading.at += wanted.length;
  return isThere;
}

function skipSpaces(reading: Reading): boolean {
  const from = reading.at;
  while (reading.text[reading.at] === ' ') reading.at += 1;
  return reading.at > from;
}

/** Reads a number of at most `most` digits, spaces before it ignored; undefined where it isn't in the range. */
function readNumber(
  reading: Reading,
  most: number,
  [low, high]: readonly [number, number],
): number | undefined {
  while (reading.text[reading.at] === ' ') reading.at += 1;
  let end = reading.at;
  while (end - reading.at < most && isDigit(reading.text, end)) end += 1;
  const value = Number(reading.text.slice(reading.at, end));
  if (end === reading.at || value < low || value > high) return undefined;
  reading.at = end;
  return value;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

type Letter = (reading: Reading, count: number) => boolean;

/** A letter that stands for a number of two digits. */
function twoDigits(range: readonly [number, number], set: (parts: Parts, value: number) => void): Letter {
  return (reading) => {
    const value = readNumber(reading, 2, range);
    if (value !== undefined) set(reading.parts, value);
    return value !== undefined;
  };
}

const readYear: Letter = (reading, count) => {
  const value = count === 2 ? readNumber(reading, 2, [0, 99]) : readNumber(reading, 4, [1_000, 9_999]);
  if (value === undefined) return false;
  reading.parts.year = count !== 2 ? value : value + (value < LAST_CENTURY ? 2_000 : 1_900);
  return true;
};

const readMonth: Letter = (reading, count) => {
  const month =
    count < 3 ? readNumber(reading, 2, [1, 12]) : MONTHS.indexOf(readWord(reading).slice(0, 3)) + 1;
  if (month) reading.parts.month = month;
  return Boolean(month);
};

const readFraction: Letter = (reading) => {
  const from = reading.at;
  while (isDigit(reading.text, reading.at) && reading.at - from < 9) reading.at += 1;
  reading.parts.fraction = reading.text.slice(from, reading.at);
  return reading.at > from;
};

const readHalf: Letter = (reading) => {
  const word = readWord(reading);
  reading.parts.half = word === 'pm' ? 12 : 0;
  return word === 'am' || word === 'pm';
};

const readZone: Letter = (reading) => {
  const zone = scanZone(reading.text, reading.at);
  if (!zone) return false;
  reading.at = zone.end;
  if (zone.offset !== undefined) reading.parts.offset = zone.offset;
  return true;
};

const LETTERS: Readonly<Record<string, Letter>> = {
  y: readYear,
  u: readYear,
  M: readMonth,
  L: readMonth,
  d: twoDigits([1, 31], (parts, value) => (parts.day = value)),
  H: twoDigits([0, 23], (parts, value) => (parts.hour = value)),
  k: twoDigits([1, 24], (parts, value) => (parts.hour = value % 24)),
  h: twoDigits([1, 12], (parts, value) => (parts.hour = value % 12)),
  K: twoDigits([0, 11], (parts, value) => (parts.hour = value)),
  m: twoDigits([0, 59], (parts, value) => (parts.minute = value)),
  s: twoDigits([0, 59], (parts, value) => (parts.second = value)),
  S: readFraction,
  E: (reading) => readWord(reading) !== '',
  a: readHalf,
  z: readZone,
  Z: readZone,
  X: readZone,
};

function readWord(reading: Reading): string {
  const from = reading.at;
  while (LETTER.test(reading.text[reading.at] ?? '')) reading.at += 1;
  return reading.text.slice(from, reading.at).toLowerCase();
}

/** Undefined where there is no such day. A time without a month and a day is none. */
function timeOf(parts: Parts, end: number, { receivedAt, zone }: ParseContext): DeviceTime | undefined {
  const { year, month, day, offset } = parts;
  if (month === undefined || day === undefined || day > daysOfMonth(year ?? LEAP_YEAR, month))
    return undefined;
  const written = createBsdTimeWriter(receivedAt)({ year, month, day, clock: clockOf(parts), end });
  return createZoneSettler(zone)({ local: written.slice(0, -1), hasYear: year !== undefined, offset, end });
}

function clockOf({ hour, minute, second, fraction, half = 0 }: Parts): string {
  const clock = [hour + half, minute, second].map((part) => String(part).padStart(2, '0')).join(':');
  return fraction === '' ? clock : `${clock}.${fraction}`;
}
