import { expect } from 'vitest';
import type { AggregateQuery, AggregateResult } from '#plugin-kit';
import type { ReferenceBucket } from './reference-aggregate.js';

/** The answer has as many groups as may be, and none that was left out ranks before one of them. */
export function expectTopGroups(
  query: AggregateQuery,
  buckets: AggregateResult['buckets'],
  totals: readonly ReferenceBucket[],
): void {
  const shown = new Set(buckets.map(({ group }) => JSON.stringify(group)));
  expect(shown.size).toBe(Math.min(query.limit, totals.length));
  const ranks = totals.map(({ group, values }) => ({
    isShown: shown.has(JSON.stringify(group)),
    rank: rankOf(query, values[0]),
  }));
  const worstShown = Math.max(...ranks.filter(({ isShown }) => isShown).map(({ rank }) => rank));
  const bestHidden = Math.min(...ranks.filter(({ isShown }) => !isShown).map(({ rank }) => rank));
  if (Number.isFinite(bestHidden)) expect(worstShown).toBeLessThanOrEqual(bestHidden + 1e-9);
  if (query.intervalSeconds !== undefined) return;
  const order = buckets.map(({ values }) => rankOf(query, values[0]));
  for (const [i, rank] of order.entries())
    expect(rank).toBeGreaterThanOrEqual((order[i - 1] ?? -Infinity) - 1e-9);
}

function rankOf({ order }: AggregateQuery, value: number | string | null | undefined): number {
  if (value === null || value === undefined) return Number.MAX_VALUE;
  const number = typeof value === 'string' ? Date.parse(value) : value;
  return order === 'desc' ? -number : number;
}
