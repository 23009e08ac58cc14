import { readEventTime } from '#plugin-kit';

const DAY_NS = 86_400_000_000_000n;
/** 1980-01-01, in nanoseconds since the epoch. */
const OLDEST = 315_532_800_000_000_000n;

/** Whether storage takes an event of this time: from 1980 to a day after the line was received; none at all is fine. */
export function isTakenTime(time: unknown, receivedAt: bigint): boolean {
  if (time === undefined || time === null) return true;
  if (typeof time !== 'string' && typeof time !== 'number') return false;
  const ns = readEventTime(String(time));
  return ns !== undefined && ns >= OLDEST && ns <= receivedAt + DAY_NS;
}
