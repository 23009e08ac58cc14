import { describe, expect, it } from 'vitest';
import { readRetryAfter } from './retry-after.js';

const now = (): number => Date.parse('2026-01-31T12:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    ['999999', 120_000],
    ['Sat, 31 Jan 2026 12:00:05 GMT', 5_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%j is %j ms', (value, ms) => expect(readRetryAfter(value, now)).toBe(ms));
});
