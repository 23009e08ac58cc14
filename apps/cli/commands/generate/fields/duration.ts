const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)$/;

/** What {@link parseDuration} takes, to be told to people. */
export const DURATION_EXPECTED = 'a duration such as 500ms, 30s, 10m, 1h or 7d';

/** Milliseconds of a text such as `10m`; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = DURATION.exec(text.trim()) ?? [];
  const size = UNITS[unit];
  return count === undefined || size === undefined ? undefined : Number(count) * size;
}
