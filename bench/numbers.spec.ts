import { describe, expect, it } from 'vitest';
import { groupMeans, mean, percentile, spreadOf, variation } from './numbers.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('numbers', () => {
  it.each([
    [0.5, 50],
    [0.99, 99],
    [0.991, 100],
    [1, 100],
    [0.001, 1],
  ])('the %d percentile of 1 to 100 is %d, in any order', (share, expected) => {
    expect(percentile(upTo(100).reverse(), share)).toBe(expected);
  });

  it('has a percentile of one value, and none of none', () => {
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('sorts by size, not by spelling', () => {
    expect(spreadOf([100, 9, 80])).toEqual({ count: 3, p50: 80, p99: 100, max: 100 });
  });

  it('averages groups and leaves out a last one that is not full', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(groupMeans([1, 3, 5, 7, 100], 2)).toEqual([2, 6]);
    expect(groupMeans([4, 6], 10)).toEqual([5]);
  });

  it('tells how far apart values are', () => {
    expect(variation([100, 110, 105])).toBeCloseTo(0.1);
    expect(variation([5])).toBe(0);
  });
});
