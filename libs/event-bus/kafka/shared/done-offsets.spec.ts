import { describe, expect, it } from 'vitest';
import { DoneOffsets } from './done-offsets.js';

describe('the done offsets of a partition', () => {
  it('are all below a mark and single ones above it, kept as ranges and read back', () => {
    const offsets = new DoneOffsets({ low: 3, done: [[5, 6]] });
    offsets.add([9, 7, 1]);
    expect(offsets.keep()).toEqual({
      low: 3,
      done: [
        [5, 7],
        [9, 9],
      ],
    });
    const again = new DoneOffsets(offsets.keep());
    expect([2, 3, 4, 5, 7, 8, 9, 10].filter((offset) => again.has(offset))).toEqual([2, 5, 7, 9]);
  });

  it('are forgotten one by one when the mark passes them, which never goes back', () => {
    const offsets = new DoneOffsets({ low: 0, done: [] });
    offsets.add([1, 4]);
    offsets.raise(4);
    offsets.raise(2);
    expect(offsets.keep()).toEqual({ low: 4, done: [[4, 4]] });
    expect(offsets.has(3)).toBe(true);
  });
});
