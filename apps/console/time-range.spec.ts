import { describe, expect, it } from 'vitest';
import { absoluteRange, intervalFor, lastRange, spanMs, toField, toReadable } from './time-range.js';

describe('a range', () => {
  it('of the last hours counts from the server’s now', () => {
    expect(lastRange('6h')).toEqual({ start_time: 'now-6h', end_time: 'now', length: 21_600_000 });
  });

  it('between two moments is in UTC', () => {
    expect(absoluteRange('2026-11-20T08:00', '2026-11-20T09:00:30')).toEqual({
      start_time: '2026-11-20T08:00:00.000Z',
      end_time: '2026-11-20T09:00:30.000Z',
      length: 3_630_000,
    });
  });

  it.each([
    ['', '2026-11-20T09:00'],
    ['2026-11-20T09:00', '2026-11-20T09:00'],
    ['2026-11-20T10:00', '2026-11-20T09:00'],
    ['x', 'y'],
  ])('is none from %j to %j', (from, to) => {
    expect(absoluteRange(from, to)).toBeUndefined();
  });
});

it.each([
  ['15m', '10s'],
  ['1h', '30s'],
  ['24h', '15m'],
  ['7d', '3h'],
  ['30d', '6h'],
  ['4000d', '34d'],
])('%s is cut into intervals of %s', (span, interval) => {
  expect(intervalFor(spanMs(span))).toBe(interval);
});

it('a moment is written for fields and for people', () => {
  expect(toField(Date.UTC(2026, 10, 20, 8))).toBe('2026-11-20T08:00:00');
  expect(toReadable('2026-11-20T08:15:30.123000000Z')).toBe('2026-11-20 08:15:30.123');
});
