import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growingWindows, widthOf } from './time-windows.js';

const range = fc.tuple(fc.bigInt(0n, 10n ** 19n), fc.bigInt(1n, 10n ** 18n));

describe('windows of a range', () => {
  it.each(['desc', 'asc'] as const)('%s follow each other, cover it once, and are few', (order) => {
    fc.assert(
      fc.property(range, fc.bigInt(1n, 10n ** 12n), ([from, length], first) => {
        const whole = { from, to: from + length };
        const windows = [...growingWindows(whole, order, first)];
        const inOrder = order === 'asc' ? windows : windows.toReversed();
        expect(inOrder[0]?.from).toBe(whole.from);
        expect(inOrder.at(-1)?.to).toBe(whole.to);
        for (const [index, { from: start }] of inOrder.entries())
          if (index > 0) expect(start).toBe(inOrder[index - 1]?.to);
        expect(windows.length).toBeLessThan(23);
      }),
    );
  });

  it('begin at the end that is asked for', () => {
    const windows = (order: 'desc' | 'asc') => [...growingWindows({ from: 0n, to: 100n }, order, 2n)];
    expect(windows('desc')).toEqual([
      { from: 98n, to: 100n },
      { from: 82n, to: 98n },
      { from: 0n, to: 82n },
    ]);
    expect(windows('asc')[0]).toEqual({ from: 0n, to: 2n });
  });

  it('have a width by how dense the range is', () => {
    expect(widthOf(10, { from: 0n, to: 1_000n }, 100)).toBe(100n);
    expect(widthOf(10, { from: 0n, to: 1_000n }, 10)).toBe(1_000n);
  });
});
