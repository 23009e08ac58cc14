const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?$/;
const EPOCH = /^(?:(\d{10})(?:\.(\d{1,9})\d*)?|\d{13}|\d{16}|\d{19})$/;
const NS = 1_000_000_000n;
const NS_DIGITS = 19;

/**
 * Reads an event's time: RFC 3339 (`T` or a space, any fraction, without a zone UTC, or the date alone), or seconds (10 digits, with
 * a fraction), milliseconds (13), microseconds (16) or nanoseconds (19) since the epoch. Nanoseconds since the epoch;
 * undefined where it is none of these.
 */
export function readEventTime(text: string): bigint | undefined {
  return epoch(text) ?? dateTime(text);
}

function epoch(text: string): bigint | undefined {
  const match = EPOCH.exec(text);
  if (match === null) return undefined;
  const [, seconds, fraction = ''] = match;
  if (seconds === undefined) return BigInt(text.padEnd(NS_DIGITS, '0'));
  return BigInt(seconds) * NS + BigInt(fraction.padEnd(9, '0'));
}

function dateTime(text: string): bigint | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const part = (n: number): number => Number(match[n] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  if (hour > 23 || minute > 59 || second > 59 || part(9) > 14 || part(10) > 59) return undefined;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day || year < 100) return undefined;
  const offset = (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10));
  const seconds = midnight.getTime() / 1000 + hour * 3600 + (minute - offset) * 60 + second;
  return BigInt(seconds) * NS + BigInt((match[7] ?? '').padEnd(9, '0'));
}
