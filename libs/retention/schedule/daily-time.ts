import { createLocalTimeWriter } from '#plugin-kit';

const DAY_MS = 86_400_000;

/** A time of day in a zone. */
export interface DailyTime {
  /** `HH:MM`. */
  readonly at: string;
  /** An IANA name, or an offset such as `+02:00`. */
  readonly zone: string;
}

/** The last time that it was so late, up to now: milliseconds since the epoch. */
export function lastTime(daily: DailyTime, nowMs: number): number {
  return Math.max(...around(daily, nowMs).filter((ms) => ms <= nowMs));
}

/** The next time that it will be, behind now. */
export function nextTime(daily: DailyTime, nowMs: number): number {
  return Math.min(...around(daily, nowMs).filter((ms) => ms > nowMs));
}

/** That time on the days around now; a zone is less than a day from UTC. */
function around({ at, zone }: DailyTime, nowMs: number): readonly number[] {
  const write = createLocalTimeWriter(zone);
  return [-2, -1, 0, 1, 2].map((days) => {
    const day = new Date(nowMs + days * DAY_MS).toISOString().slice(0, 10);
    return Date.parse(write(`${day}T${at}:00`));
  });
}
