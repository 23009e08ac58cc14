import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { dayAt, endOf, leavesAt, oldestKept, printDay, startOf } from './day.js';

const DAY_MS = 86_400_000;
const ms = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2100, 0, 1) });

it('a day leaves as long behind its end as its policy says, over ends of months and leap days', () => {
  expect(new Date(leavesAt(20240228, 1)).toISOString()).toBe('2024-03-01T00:00:00.000Z');
  expect(new Date(leavesAt(20231231, 365)).toISOString()).toBe('2024-12-31T00:00:00.000Z');
  expect(new Date(startOf(19800101)).toISOString()).toBe('1980-01-01T00:00:00.000Z');
  expect(printDay(20261120)).toBe('2026-11-20');
});

it('the oldest kept day is the first that does not leave yet', () => {
  fc.assert(
    fc.property(ms, fc.integer({ min: 1, max: 5_000 }), (now, days) => {
      const day = oldestKept(now, days);
      expect(leavesAt(day, days)).toBeGreaterThan(now);
      expect(leavesAt(dayAt(startOf(day) - 1), days)).toBeLessThanOrEqual(now);
      expect([dayAt(startOf(day)), endOf(day) - startOf(day)]).toEqual([day, DAY_MS]);
    }),
  );
});
