import { expect, it } from 'vitest';
import { lockedUntil } from './policy-lock.js';

const DAY = 20_261_103;
const now = Date.parse('2026-11-05T02:00:00Z');
const until = (keep: string, days?: number, day = DAY): string | undefined =>
  lockedUntil({ keep, lock_days: days }, day, now)?.toISOString();

it('a day is locked from its put on, and never beyond the moment at which its policy deletes it', () => {
  const keep = 'search 1d -> archive 30d -> delete';
  expect(until(keep, 10)).toBe('2026-11-15T02:00:00.000Z');
  // It leaves 31 days behind its end.
  expect(until(keep, 30)).toBe('2026-12-05T00:00:00.000Z');
  // One that comes late.
  expect(until(keep, 10, 20_261_010)).toBe('2026-11-11T00:00:00.000Z');
  expect(until(keep, 10, 20_260_101)).toBeUndefined();
  expect(until('search 30d -> archive from 1d forever', 365)).toBe('2027-11-05T02:00:00.000Z');
});

it.each([
  ['search 1d -> archive 30d -> delete', undefined],
  ['search 30d -> delete', 10],
  ['search 1d -> gzip-files 30d -> delete', 10],
])('a policy that locks nothing: %s, %s days', (keep, days) => {
  expect(until(keep, days)).toBeUndefined();
});
