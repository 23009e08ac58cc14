import { setTimeout as pause } from 'node:timers/promises';
import type { RefusedCount } from '#ledger';

const MINUTE_MS = 60_000;

/**
 * The ledger sums up the minutes of refused events that come along: what the new appliance takes must be of later ones. Waits
 * a minute at most, whatever a clock said.
 */
export async function untilMinuteIsOver(
  refused: readonly RefusedCount[],
  wait: (ms: number) => Promise<unknown> = pause,
  now = Date.now(),
): Promise<void> {
  const last = refused.reduce((latest, { minute }) => Math.max(latest, minute), 0);
  const left = Math.min(last + MINUTE_MS - now, MINUTE_MS);
  if (left > 0) await wait(left);
}
