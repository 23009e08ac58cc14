const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,19}))?)?)?(?: ?(?:Z|UTC|GMT|([+-])(\d\d)(?::?(\d\d))?))?$/;
const EPOCH_SECONDS = /^(\d{9,10})(?:\.(\d{1,19}))?$/;
const EPOCH_PARTS = /^(?:\d{13}|\d{16}|\d{19})$/;
const [NS, NS_DIGITS, FRACTION_DIGITS] = [1_000_000_000n, 19, 9];
/** The last nanosecond that a 64-bit integer holds, in 2262. */
const LATEST = 2n ** 63n - 1n;

/**
 * Reads an event's time: RFC 3339 (`T` or a space, any part of the time of day from minutes on, a fraction of up to 19
 * digits, without a zone UTC, or the date alone), or seconds (9 or 10 digits, with a fraction), milliseconds (13),
 * microseconds (16) or nanoseconds (19) since the epoch. Nanoseconds since the epoch; undefined where it is none of
 * these.
 */
export function readEventTime(text: string): bigint | undefined {
  const time = epoch(text) ?? dateTime(text);
  return time === undefined || time > LATEST ? undefined : time;
}

function epoch(text: string): bigint | undefined {
  if (EPOCH_PARTS.test(text)) return BigInt(text.padEnd(NS_DIGITS, '0'));
  const match = EPOCH_SECONDS.exec(text);
  return match === null ? undefined : BigInt(match[1] ?? 0) * NS + fraction(match[2]);
}

function dateTime(text: string): bigint | undefined {
  const match = DATE_TIME.exec(text);
  const date = match ? midnight(match) : undefined;
  if (!match || date === undefined || !isTimeOfDay(match)) return undefined;
  const [hour, minute, second] = numbers(match, 4);
  const [offsetHours, offsetMinutes] = numbers(match, 9);
  const offset = (match[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  return BigInt(date / 1000 + hour * 3600 + (minute - offset) * 60 + second) * NS + fraction(match[7]);
}

/** Milliseconds since the epoch at the beginning of the day; undefined where the calendar has no such day. */
function midnight(match: RegExpExecArray): number | undefined {
  const [year, month, day] = numbers(match, 1);
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  const exists = year >= 1678 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? ms : undefined;
}

/** The sixtieth second is a leap second: it is the next minute's first. */
function isTimeOfDay(match: RegExpExecArray): boolean {
  const [hour, minute, second] = numbers(match, 4);
  const [offsetHours, offsetMinutes] = numbers(match, 9);
  return hour <= 23 && minute <= 59 && second <= 60 && offsetHours <= 23 && offsetMinutes <= 59;
}

function numbers(match: RegExpExecArray, from: number): [number, number, number] {
  return [Number(match[from] ?? 0), Number(match[from + 1] ?? 0), Number(match[from + 2] ?? 0)];
}

function fraction(digits = ''): bigint {
  return BigInt(digits.slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, '0'));
}
