import { formatTimestamp } from '#event-model';
import { daysOfMonth } from './rfc3339.js';
import { createLocalTimeWriter } from './local-time.js';

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
  /([A-Za-z]{3}) (?: ?([1-9])|([0-2]\d|3[01])) (?:((?:19|20)\d\d) )?((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:[.,](\d{0,9})\d*)?(?!\d|:\d)/y;
const YEAR_BEFORE = /((?:19|20)\d\d) /y;
const LEAP_YEAR = 2_000;

/**
 * Reads the time at `at`; undefined where there is none. The day is padded by a space, a zero or nothing, the month in
 * any case. A year may stand before all (`2019 Mar  1 18:46:11`, NX-OS) or before the time of day (`Mar  1 2019 18:46:11`, ASA).
 */
export function scanBsdTime(text: string, at = 0): BsdTime | undefined {
  const yearBefore = matchAt(YEAR_BEFORE, text, at)?.[1];
  const match = matchAt(TIME, text, yearBefore === undefined ? at : at + 5);
  const month = match ? monthOf(match[1] as string) : 0;
  if (!match || month === 0) return undefined;
  const [, , short, long, yearWithin, clock = '', fraction] = match;
  const given = yearBefore ?? yearWithin;
  const year = given === undefined ? undefined : Number(given);
  const day = Number(short ?? long);
  if (day < 1 || day > daysOfMonth(year ?? LEAP_YEAR, month)) return undefined;
  return {
    year,
    month,
    day,
    clock: fraction ? `${clock}.${fraction}` : clock,
    end: TIME.lastIndex,
  };
}

function monthOf(name: string): number {
  const at = MONTHS.indexOf(name);
  const found = at >= 0 ? at : MONTHS.indexOf(name.charAt(0).toUpperCase() + name.slice(1).toLowerCase());
  return found >= 0 && found % 3 === 0 ? found / 3 + 1 : 0;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Years that are looked back for a February 29. */
const LEAP_CYCLE = 8;
const DAY_NS = 86_400_000_000_000n;

/**
 * Makes what writes such times as RFC 3339. A time without a year is the latest that lies no more than a day after
 * `receivedAt`: on January 1 a line of December 31 is of the old year, and a clock that runs ahead, or a zone east of
 * UTC, doesn't throw a line back by a year.
 *
 * @param receivedAt nanoseconds since the epoch
 * @param zone of times that have none: an IANA name or an offset; default UTC
 * @throws RangeError where there is no such zone
 */
export function createBsdTimeWriter(receivedAt: bigint, zone?: string): (time: BsdTime) => string {
  const latest = formatTimestamp(receivedAt + DAY_NS);
  const newest = Number(latest.slice(0, 4));
  const writeLocal = createLocalTimeWriter(zone);
  return ({ year, month, day, clock }) => {
    const rest = `-${twoDigits(month)}-${twoDigits(day)}T${clock}`;
    let found = year ?? (`${newest}${rest}` <= latest ? newest : newest - 1);
    if (year === undefined)
      for (let n = 0; n < LEAP_CYCLE && day > daysOfMonth(found, month); n += 1) found -= 1;
    return writeLocal(`${found}${rest}`);
  };
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
