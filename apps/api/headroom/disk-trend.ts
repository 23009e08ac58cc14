import { secondsUntilUsedUp, Trend } from '#observability';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_SECONDS = 86_400;
/** Between two looks at the disk for its growth a day. */
const SLOW_LOOK_MS = 5 * MINUTE_MS;

/** How fast a file system fills up, and when it will be full. */
export interface DiskForecast {
  /** Bytes a second by which free space shrinks, from the last ten minutes; undefined in the first minute. */
  readonly growthPerSecond: number | undefined;
  /** At that rate; undefined where it is not shrinking. */
  readonly secondsUntilFull: number | undefined;
  /** Bytes a day by which free space shrinks, from the last 24 hours; undefined in the first ten minutes. */
  readonly growthPerDay: number | undefined;
  /** At that rate, with one digit behind the point. */
  readonly hoursUntilFull: number | undefined;
  /** Seconds that this is taken from. */
  readonly observedSeconds: number;
}

/** Learns from looks at the free space of one file system. */
export class DiskTrend {
  readonly #now = new Trend({ windowMs: 10 * MINUTE_MS, leastMs: MINUTE_MS });
  readonly #ofDay = new Trend({ windowMs: 24 * HOUR_MS, leastMs: 10 * MINUTE_MS });
  #slowLookAt = -Infinity;

  note(nowMs: number, freeBytes: number): void {
    this.#now.note(nowMs, -freeBytes);
    if (nowMs - this.#slowLookAt < SLOW_LOOK_MS) return;
    this.#slowLookAt = nowMs;
    this.#ofDay.note(nowMs, -freeBytes);
  }

  /** @param room bytes that are left before everything is refused */
  forecast(room: number): DiskForecast {
    const growthPerSecond = this.#now.perSecond();
    const aDay = this.#ofDay.perSecond();
    const seconds = secondsUntilUsedUp(room, aDay);
    return {
      growthPerSecond,
      secondsUntilFull: secondsUntilUsedUp(room, growthPerSecond),
      growthPerDay: aDay === undefined ? undefined : aDay * DAY_SECONDS,
      hoursUntilFull: seconds === undefined ? undefined : Math.floor(seconds / 360) / 10,
      observedSeconds: Math.floor(this.#ofDay.observedMs / SECOND_MS),
    };
  }
}
