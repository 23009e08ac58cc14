/** Longest wait that a server can ask for here; milliseconds. */
const MAX_WAIT_MS = 120_000;

/**
 * Reads `Retry-After`, seconds or a date (RFC 9110, 10.2.3), as milliseconds from now.
 *
 * @returns undefined where it is missing or can't be read; at most two minutes.
 */
export function readRetryAfter(value: string | undefined, now: () => number = Date.now): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_WAIT_MS);
}
