import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROWTH, overlap, TimeWindows, widthOf, type TimeWindow, type WindowPlan } from './time-windows.js';

const stretch = fc
  .tuple(fc.bigInt(0n, 10n ** 19n), fc.bigInt(1n, 10n ** 18n))
  .map(([from, length]) => ({ from, to: from + length }));

/** All windows, each longer than the one before. */
function cut(plan: WindowPlan, first: bigint): TimeWindow[] {
  const windows = new TimeWindows(plan);
  const all: TimeWindow[] = [];
  let width = first;
  for (let window = windows.take(width); window; window = windows.take(width)) {
    all.push(window);
    width *= GROWTH;
  }
  return all;
}

describe('windows of a range', () => {
  it.each(['desc', 'asc'] as const)('%s follow each other, cover it once, and are few', (order) => {
    fc.assert(
      fc.property(stretch, stretch, fc.bigInt(1n, 10n ** 12n), (range, events, first) => {
        const windows = cut({ range, known: overlap(range, events), order }, first);
        const inOrder = order === 'asc' ? windows : windows.toReversed();
        expect(inOrder[0]?.from).toBe(range.from);
        expect(inOrder.at(-1)?.to).toBe(range.to);
        for (const [index, { from: start }] of inOrder.entries())
          if (index > 0) expect(start).toBe(inOrder[index - 1]?.to);
        expect(windows.length).toBeLessThan(23);
      }),
    );
  });

  it('begin at the end that is asked for', () => {
    const range = { from: 0n, to: 100n };
    expect(cut({ range, known: range, order: 'desc' }, 2n)).toEqual([
      { from: 98n, to: 100n },
      { from: 82n, to: 98n },
      { from: 0n, to: 82n },
    ]);
    expect(cut({ range, known: range, order: 'asc' }, 2n)[0]).toEqual({ from: 0n, to: 2n });
  });

  it('are cut where events are, and reach to the ends of the range', () => {
    const plan = { range: { from: 0n, to: 1_000n }, known: { from: 400n, to: 500n } };
    expect(cut({ ...plan, order: 'desc' }, 10n)).toEqual([
      { from: 490n, to: 1_000n },
      { from: 0n, to: 490n },
    ]);
    expect(cut({ ...plan, known: undefined, order: 'desc' }, 10_000n)).toEqual([{ from: 0n, to: 1_000n }]);
  });

  it('have a width by how dense the range is', () => {
    expect(widthOf(10, { from: 0n, to: 1_000n }, 100)).toBe(100n);
    expect(widthOf(10, { from: 0n, to: 1_000n }, 10)).toBe(1_000n);
    expect(widthOf(10, { from: 0n, to: 10n }, 1_000)).toBe(1n);
  });
});
