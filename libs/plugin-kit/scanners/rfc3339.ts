const DATE_TIME =
  /(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)/y;

/**
 * The index after the RFC 3339 date and time at `at`; -1 where there is none. As RFC 5424 has it: upper-case T and Z, a
 * zone, no leap second, a day that the month has; of the fraction up to nine digits are taken.
 */
export function scanRfc3339(text: string, at = 0): number {
  DATE_TIME.lastIndex = at;
  const match = DATE_TIME.exec(text);
  if (!match) return -1;
  const day = Number(match[3]);
  const isDay = day <= 28 || day <= daysOfMonth(Number(match[1]), Number(match[2]));
  return isDay ? DATE_TIME.lastIndex : -1;
}

/** Days of a month (1 to 12). */
export function daysOfMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
