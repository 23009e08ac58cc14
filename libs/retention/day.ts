const DAY_MS = 86_400_000;

/** Start of a day, `YYYYMMDD` in UTC: milliseconds since the epoch. */
export function startOf(day: number): number {
  return Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100);
}

/** Its end, which is the start of the next one. */
export function endOf(day: number): number {
  return startOf(day) + DAY_MS;
}

/** The day of a time, as `YYYYMMDD` in UTC. */
export function dayAt(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** When a day leaves that is kept for so many days behind its end: milliseconds since the epoch. */
export function leavesAt(day: number, days: number): number {
  return endOf(day) + days * DAY_MS;
}

/** The oldest day that is still kept at this moment. */
export function oldestKept(nowMs: number, days: number): number {
  return dayAt(nowMs - days * DAY_MS);
}

/** `YYYY-MM-DD`. */
export function printDay(day: number): string {
  return String(day)
    .padStart(8, '0')
    .replace(/^(\d{4})(\d\d)/, '$1-$2-');
}
