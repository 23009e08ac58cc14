import { CronExpressionParser, type CronExpression } from 'cron-parser';

/** Times by a cron expression (POSIX crontab: minute, hour, day of the month, month, day of the week) in a zone. */
export interface CronTime {
  readonly cron: string;
  /** An IANA name, or an offset such as `+02:00`. */
  readonly zone: string;
}

/** What is wrong with an expression, in words; undefined where it has five fields, a last time and a next one. */
export function cronMistake(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5) return `has ${fields} fields`;
  // The library draws a time of its own for it, another one each time.
  if (/(?:^|\s)H/i.test(cron)) return 'has H, which is no time';
  try {
    nextCron({ cron, zone: 'UTC' }, Date.now());
    return undefined;
  } catch (error) {
    return error instanceof Error ? `can not be read (${error.message})` : 'can not be read';
  }
}

/** The last time that it was, up to now: milliseconds since the epoch. */
export function lastCron(time: CronTime, nowMs: number): number {
  return around(time, nowMs).last;
}

/** The next time that it will be, behind now. */
export function nextCron(time: CronTime, nowMs: number): number {
  return around(time, nowMs).next;
}

interface Around {
  readonly last: number;
  readonly next: number;
}

/** What was found last: the library takes milliseconds for each, and all policies are looked at every minute. */
const found = new Map<string, Around>();
const MAX_FOUND = 5_000;

function around(time: CronTime, nowMs: number): Around {
  const key = `${time.zone} ${time.cron}`;
  const known = found.get(key);
  if (known && known.last <= nowMs && nowMs < known.next) return known;
  const last = parsed(time, nowMs + 1).prev();
  const next = parsed(time, nowMs).next();
  const made = { last: last.getTime(), next: next.getTime() };
  if (found.size >= MAX_FOUND) found.clear();
  found.set(key, made);
  return made;
}

function parsed({ cron, zone }: CronTime, currentDate: number): CronExpression {
  const tz = /^[+-]/.test(zone) ? `UTC${zone}` : zone;
  return CronExpressionParser.parse(cron, { currentDate, tz });
}
