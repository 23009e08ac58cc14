import { formatTimestamp } from '#event-model';
import { daysOfMonth } from './rfc3339.js';

/** A time as RFC 3164 writes it, `Oct  9 22:14:15`: without a year unless the sender adds one, and without a zone. */
export interface BsdTime {
  readonly year: number | undefined;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31; a day of that month in some year. */
  readonly day: number;
  /** `22:14:15`, with a fraction of up to nine digits where there is one. */
  readonly clock: string;
  /** Index after it. */
  readonly end: number;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const TIME =
  /([A-Z][a-z]{2}) (?: ?([1-9])|([0-2]\d|3[01])) (?:((?:19|20)\d\d) )?((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?)(?!\d)/y;
const LEAP_YEAR = 2_000;

/**
 * Reads the time at `at`; undefined where there is none. The day is padded by a space, a zero or nothing; a year may stand
 * before the time of day (`Mar  1 2019 18:46:11`), as some devices write it.
 */
export function scanBsdTime(text: string, at = 0): BsdTime | undefined {
  TIME.lastIndex = at;
  const match = TIME.exec(text);
  const month = match ? MONTHS.indexOf(match[1] ?? '') / 3 + 1 : 0;
  if (!match || month < 1 || !Number.isInteger(month)) return undefined;
  const day = Number(match[2] ?? match[3]);
  const year = match[4] === undefined ? undefined : Number(match[4]);
  if (day < 1 || day > daysOfMonth(year ?? LEAP_YEAR, month)) return undefined;
  return { year, month, day, clock: match[5] ?? '', end: TIME.lastIndex };
}

/** Years that are looked back for a February 29. */
const LEAP_CYCLE = 8;
const DAY_NS = 86_400_000_000_000n;

/**
 * Makes what writes such times as RFC 3339 in UTC. A time without a year is the latest that lies no more than a day after
 * `receivedAt`: on January 1 a line of December 31 is of the old year, and a clock that runs ahead, or a zone east of
 * UTC, doesn't throw a line back by a year.
 *
 * @param receivedAt nanoseconds since the epoch
 */
export function createBsdTimeWriter(receivedAt: bigint): (time: BsdTime) => string {
  const latest = formatTimestamp(receivedAt + DAY_NS);
  const newest = Number(latest.slice(0, 4));
  return ({ year, month, day, clock }) => {
    const rest = `-${twoDigits(month)}-${twoDigits(day)}T${clock}`;
    if (year !== undefined) return `${year}${rest}Z`;
    let found = `${newest}${rest}` <= latest ? newest : newest - 1;
    for (let n = 0; n < LEAP_CYCLE && day > daysOfMonth(found, month); n += 1) found -= 1;
    return `${found}${rest}Z`;
  };
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
