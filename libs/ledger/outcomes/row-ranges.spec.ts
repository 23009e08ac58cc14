import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countRows, formatRows, listRows } from './row-ranges.js';

const anyRows = fc.array(fc.nat(200));

describe('row ranges', () => {
  it('are short for neighbours', () => {
    expect(formatRows([7, 3, 0, 1, 2, 9, 10, 7])).toBe('0-3,7,9-10');
    expect(formatRows([])).toBe('');
    expect(formatRows(Array.from({ length: 5_000 }, (_, row) => row))).toBe('0-4999');
  });

  it('count and list exactly the rows of any part of a block', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(200), fc.nat(200), fc.nat(50), (rows, first, last, limit) => {
        const ranges = formatRows(rows);
        const within = [...new Set(rows)].filter((row) => row >= first && row <= last).sort((a, b) => a - b);
        expect(countRows(ranges, first, last)).toBe(within.length);
        expect(listRows(ranges, { first, last, limit })).toEqual(within.slice(0, limit));
      }),
    );
  });
});
