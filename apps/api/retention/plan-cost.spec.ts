import { describe, expect, it } from 'vitest';
import type { PlannedUnit, StreamPlan } from '#retention';
import { costOf } from './plan-cost.js';

const GIB = 2 ** 30;
const bytes = (gib: number) => ({
  units: 1,
  events: gib * 1_000,
  bytes: gib * GIB,
  oldest: null,
  newest: null,
});
const EUR = {
  prices: new Map([
    ['search', 0.1],
    ['archive', 0.02],
  ]),
  currency: 'EUR',
};

function stream(tiers: Readonly<Record<string, readonly [before: number, after: number]>>): StreamPlan {
  return {
    ...{ stream: 'web', event_type: 'log', policy: 'default', keep: 'search 30d -> archive 1y -> delete' },
    tiers: Object.entries(tiers).map(([tier, [before, after]]) => ({
      ...{ tier, before: bytes(before), after: bytes(after) },
      ...{ leaves: bytes(0), held: bytes(0) },
    })),
  };
}

const unit = (tier: string, gib: number, events: number): PlannedUnit => ({
  ...{ stream: 'web', tier, day: 20250601, generation: 0, events, bytes: gib * GIB },
  ...{ oldest: '', newest: '', why: 'age', policy: 'default' },
});

describe('the cost of a plan', () => {
  it('is that of all its streams and tiers, before and after it', () => {
    const streams = [stream({ search: [100, 10], archive: [50, 45] }), stream({ search: [20, 20] })];
    expect(costOf({ streams }, EUR)).toEqual({
      ...{ currency: 'EUR', per_month_before: 13, per_month_after: 3.9, unpriced_tiers: [] },
    });
  });

  it('counts what moves where it will be, as large as copies of the stream are there', () => {
    const moves = { copying: [unit('archive', 10, 500)], moving: [unit('search', 10, 500)] };
    const known = [stream({ search: [20, 20], archive: [1, 1] })];
    expect(costOf({ streams: known, ...moves }, EUR)).toMatchObject({
      ...{ per_month_before: 2.02, per_month_after: 1.03 },
    });
    expect(costOf({ streams: [stream({ search: [20, 20] })], ...moves }, EUR)).toMatchObject({
      ...{ per_month_before: 2, per_month_after: 1.2 },
    });
  });

  it('names tiers without a price, which count as free', () => {
    const streams = [stream({ search: [100, 10], archive: [0, 45], documents: [1, 1] })];
    expect(costOf({ streams }, { prices: new Map([['search', 0.1]]), currency: 'USD' })).toEqual({
      ...{ currency: 'USD', per_month_before: 10, per_month_after: 1 },
      unpriced_tiers: ['archive', 'documents'],
    });
  });

  it('is not told where there are no prices', () => {
    const none = { prices: new Map<string, number>(), currency: 'USD' };
    expect(costOf({ streams: [stream({ search: [1, 1] })] }, none)).toBeUndefined();
  });
});
