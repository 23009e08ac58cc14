import type { ParseContext } from '../kinds/parser.js';
import { createBsdTimeWriter, scanBsdTime, type BsdTime } from './bsd-time.js';
import { scanDateTime } from './date-time.js';
import { createLocalTimeWriter } from './local-time.js';
import { daysOfMonth } from './rfc3339.js';
import { scanZone, type ScannedZone } from './time-zone.js';

/** A time as a device wrote it. */
export interface DeviceTime {
  /** RFC 3339, with the zone that it came with; where it had none, that of the context, or UTC. */
  readonly timestamp: string;
  /** Index after it, its zone included. */
  readonly end: number;
  /** What was assumed, one sentence each. */
  readonly warnings: readonly string[];
}

/** Reads the time at a place of a text; undefined where there is none. */
export type DeviceTimeScanner = (text: string, at?: number) => DeviceTime | undefined;

/** For a reader's warnings. */
export const ASSUMED_YEAR = 'The time has no year: the nearest one in the past is taken.';
export const ASSUMED_ZONE = 'The time has no zone that can be told: it is read as UTC.';

/**
 * Makes a scanner for the times that devices write: seconds (9 or 10 digits, with a fraction), milliseconds (12 or 13,
 * with a fraction), microseconds (16) and nanoseconds (19) since the epoch; RFC 3339, also with a space, slashes or a
 * comma (`2025/09/17 13:45:34,123`) and without a zone; `MMM dd [yyyy] HH:mm:ss[.SSS] [zzz]`, the forms of CEF ("Date
 * Formats"), also with a comma behind the day, a weekday before, or the year at the end. A time without a year is the
 * latest that is no more than a day after `receivedAt`. One without a zone is in the context's; where that says none
 * either, UTC with a warning.
 */
export function createDeviceTimeScanner({ receivedAt, zone }: ParseContext): DeviceTimeScanner {
  const settle = createZoneSettler(zone);
  const writeBsd = createBsdTimeWriter(receivedAt);
  return (text, at = 0) => {
    const epoch = scanEpoch(text, at);
    if (epoch) return epoch;
    const local = scanYearFirst(text, at) ?? scanMonthFirst(text, at, writeBsd);
    return local && settle(local);
  };
}

/** The time that the whole text is, spaces around it ignored; undefined where it is none. */
export function readDeviceTime(text: string, scan: DeviceTimeScanner): DeviceTime | undefined {
  const trimmed = text.trim();
  const time = scan(trimmed);
  return time?.end === trimmed.length ? time : undefined;
}

/** A time before its zone is settled. */
export interface LocalTime {
  /** `2026-11-21T12:00:00.5`. */
  readonly local: string;
  /** Whether the year stood there. */
  readonly hasYear: boolean;
  /** `Z` or `+02:00`; undefined where there was no zone, or one that means several. */
  readonly offset: string | undefined;
  readonly end: number;
}

const NONE: readonly string[] = [];
const ASSUMED = {
  year: [ASSUMED_YEAR],
  zone: [ASSUMED_ZONE],
  both: [ASSUMED_YEAR, ASSUMED_ZONE],
} as const;

/**
 * Makes what gives times their zone: their own, or else `zone`, or else UTC, and says what was assumed.
 *
 * @param zone an IANA name or an offset
 */
export function createZoneSettler(zone: string | undefined): (time: LocalTime) => DeviceTime {
  const inZone = createLocalTimeWriter(zone);
  return ({ local, hasYear, offset, end }) => {
    const hasZone = offset !== undefined || zone !== undefined;
    const missing = hasYear ? (hasZone ? NONE : ASSUMED.zone) : hasZone ? ASSUMED.year : ASSUMED.both;
    return { timestamp: offset === undefined ? inZone(local) : local + offset, end, warnings: missing };
  };
}

const EPOCH = /(\d{9,19})(?:\.(\d{1,9})\d*)?(?![\w.:/-])/y;
/** Digits of an epoch time, and how many of them are seconds: 9 until 2001, 10 since. */
const SECONDS_IN: ReadonlyMap<number, number> = new Map([
  [9, 9],
  [10, 10],
  [12, 9],
  [13, 10],
  [16, 10],
  [19, 10],
]);

function scanEpoch(text: string, at: number): DeviceTime | undefined {
  EPOCH.lastIndex = at;
  const match = EPOCH.exec(text);
  const digits = match?.[1] ?? '';
  const whole = SECONDS_IN.get(digits.length);
  if (!match || whole === undefined) return undefined;
  const fraction = (digits.slice(whole) + (match[2] ?? '')).slice(0, 9);
  const date = new Date(Number(digits.slice(0, whole)) * 1000).toISOString().slice(0, 19);
  return { timestamp: `${date}${fraction && `.${fraction}`}Z`, end: EPOCH.lastIndex, warnings: NONE };
}

function scanYearFirst(text: string, at: number): LocalTime | undefined {
  const date = scanDateTime(text, at);
  if (!date) return undefined;
  const zone = date.zone === undefined ? zoneBehind(text, date.end) : { offset: date.zone, end: date.end };
  return { local: date.local, hasYear: true, offset: zone?.offset, end: zone?.end ?? date.end };
}

/** The zone behind a time, with or without a space between them. */
function zoneBehind(text: string, at: number): ScannedZone | undefined {
  return scanZone(text, text[at] === ' ' ? at + 1 : at);
}

const WEEKDAY = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? /y;
const YEAR_BEHIND = / ((?:19|20)\d\d)(?!\d)/y;
const LEAP_YEAR = 2_000;

function scanMonthFirst(text: string, at: number, write: (time: BsdTime) => string): LocalTime | undefined {
  WEEKDAY.lastIndex = at;
  const from = WEEKDAY.test(text) ? WEEKDAY.lastIndex : at;
  const bsd = scanBsdTime(text, from) ?? scanWithComma(text, from);
  if (!bsd) return undefined;
  const zone = zoneBehind(text, bsd.end);
  const behind = bsd.year === undefined ? yearBehind(text, zone?.end ?? bsd.end) : undefined;
  const time = behind ? { ...bsd, year: behind.year } : bsd;
  if (time.day > daysOfMonth(time.year ?? LEAP_YEAR, time.month)) return undefined;
  const local = write(time).slice(0, -1);
  const end = behind?.end ?? zone?.end ?? bsd.end;
  return { local, hasYear: time.year !== undefined, offset: zone?.offset, end };
}

function yearBehind(text: string, at: number): { readonly year: number; readonly end: number } | undefined {
  YEAR_BEHIND.lastIndex = at;
  const year = YEAR_BEHIND.exec(text)?.[1];
  return year === undefined ? undefined : { year: Number(year), end: YEAR_BEHIND.lastIndex };
}

/** Where the comma of `Nov 19, 2014` stands. */
const COMMA_PLACES: readonly number[] = [5, 6];
const LONGEST_BSD = 48;

function scanWithComma(text: string, at: number): BsdTime | undefined {
  const comma = COMMA_PLACES.find((place) => text[at + place] === ',');
  if (comma === undefined) return undefined;
  const part = text.slice(at, at + LONGEST_BSD);
  const time = scanBsdTime(part.slice(0, comma) + part.slice(comma + 1));
  return time && { ...time, end: at + time.end + 1 };
}
