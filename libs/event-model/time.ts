const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|z|[+-]\d\d:?\d\d)?$/;
const EPOCH = /^-?\d{1,19}(?:\.\d+)?$/;
const RELATIVE = /^now(?:([+-])(\d{1,6})(s|m|h|d|w))?$/;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const NS = 1_000_000_000n;

/** Nanoseconds since the epoch, now. Millisecond clock, nanosecond scale. */
export function nowNs(now: () => number = Date.now): bigint {
  return BigInt(now()) * 1_000_000n;
}

/** RFC 3339 in UTC with nine digits of fraction. */
export function formatTimestamp(ns: bigint): string {
  const seconds = ns >= 0n ? ns / NS : (ns - NS + 1n) / NS;
  const fraction = (ns - seconds * NS).toString().padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/**
 * Reads a point in time of a request: RFC 3339, epoch seconds, milliseconds, microseconds or nanoseconds (told apart by size),
 * or `now`, `now-15m` (units s, m, h, d, w). Returns nanoseconds since the epoch, or undefined where it is none.
 */
export function parseTime(input: string | number, now: () => number = Date.now): bigint | undefined {
  const text = String(input).trim();
  return parseRfc3339(text) ?? parseEpoch(text) ?? parseRelative(text, now);
}

function parseRfc3339(text: string): bigint | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2]}${match[4] ?? 'Z'}`);
  return Number.isNaN(ms)
    ? undefined
    : BigInt(ms) * 1_000_000n + BigInt((match[3] ?? '').padEnd(9, '0') || '0');
}

function parseEpoch(text: string): bigint | undefined {
  if (!EPOCH.test(text)) return undefined;
  const [whole = '0', fraction = ''] = text.split('.');
  const value = BigInt(whole);
  const size = value < 0n ? -value : value;
  if (size < 100_000_000_000n) return value * NS + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  if (size < 100_000_000_000_000n) return value * 1_000_000n;
  return size < 100_000_000_000_000_000n ? value * 1_000n : value;
}

function parseRelative(text: string, now: () => number): bigint | undefined {
  const match = RELATIVE.exec(text);
  if (!match) return undefined;
  const seconds = Number(match[2] ?? 0) * (UNIT_SECONDS[match[3] ?? 's'] ?? 1);
  return nowNs(now) + (match[1] === '-' ? -1n : 1n) * BigInt(seconds) * NS;
}
