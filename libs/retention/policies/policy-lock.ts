import { ARCHIVE_TIER, readPolicy, type TierStay } from '#retention-policy';
import { leavesAt } from '../day.js';
import type { PolicyRules } from './policy.js';

const DAY_MS = 86_400_000;

/** The step of a policy that is in the archive; undefined where none is. */
export function archiveStay({ keep }: Pick<PolicyRules, 'keep'>): TierStay | undefined {
  return readPolicy(keep).stays?.find(({ tier }) => tier === ARCHIVE_TIER);
}

/**
 * Until when the store locks a day that is put into the archive now: the policy's `lock_days`, but not beyond the moment at which the
 * day leaves the archive, as one that comes late would. Undefined where the policy locks nothing, or the day leaves already.
 *
 * @param day `YYYYMMDD`, UTC
 * @param now milliseconds since the epoch
 */
export function lockedUntil(
  { keep, lock_days: days }: Pick<PolicyRules, 'keep' | 'lock_days'>,
  ...[day, now]: [day: number, now: number]
): Date | undefined {
  const stay = archiveStay({ keep });
  if (days === undefined || !stay) return undefined;
  const end = stay.until_days === null ? Infinity : leavesAt(day, stay.until_days);
  const until = Math.min(now + days * DAY_MS, end);
  return until > now ? new Date(until) : undefined;
}
