import { daysOfMonth } from './rfc3339.js';

/** A date and a time of day as programs write them, all the ways that are not RFC 3339 included. */
export interface DateTime {
  /** `2026-11-21T12:00:00.5`, with up to nine digits of fraction. */
  readonly local: string;
  /** `Z` or `+hh:mm`; missing where there is none. */
  readonly zone?: string;
  /** Index after it. */
  readonly end: number;
}

const DATE_TIME =
  /(\d{4})[-/:](0[1-9]|1[0-2])[-/:](0[1-9]|[12]\d|3[01])[Tt -]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:[.,](\d{0,9})\d*)?(?: ?(Z|z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)(?!\d))?(?!\d|:\d)/y;

/**
 * Reads `2026-11-21T12:00:00Z`, `2026-11-21 12:00:00,123`, `2026/11/21 12:00:00 +0100` and `2026:11:21-12:00:00` (Sophos)
 * at `at`; undefined where there is none, or where the month has no such day.
 */
export function scanDateTime(text: string, at = 0): DateTime | undefined {
  DATE_TIME.lastIndex = at;
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', clock = '', fraction, zone] = match;
  if (Number(day) > daysOfMonth(Number(year), Number(month))) return undefined;
  return {
    local: `${year}-${month}-${day}T${clock}${fraction ? `.${fraction}` : ''}`,
    ...(zone !== undefined && { zone: offsetOf(zone) }),
    end: DATE_TIME.lastIndex,
  };
}

function offsetOf(zone: string): string {
  return zone.length === 1 ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
}
