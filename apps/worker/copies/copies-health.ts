import type { HealthReport } from '#observability';
import type { Behind } from './due-copier.js';

/** Copies that are so old are trouble that somebody should look at: milliseconds. */
const TROUBLE_MS = 300_000;

/** What readiness says of copies in the other store. Events are taken all the same. */
export function reportOf({ due, oldest }: Behind, now: number): HealthReport {
  const seconds = oldest === undefined ? 0 : Math.max(0, Math.round((now - oldest) / 1_000));
  return {
    status: seconds * 1_000 > TROUBLE_MS ? 'degraded' : 'up',
    detail: { due, oldest_due_seconds: seconds },
  };
}
