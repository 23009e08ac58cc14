import type { PlannedUnit, RetentionPlan, StreamPlan } from '#retention';
import type { ShownPlan } from './plans.schema.js';

/** What storage costs. */
export interface StoragePrices {
  /** Of a GiB a month, by tier. */
  readonly prices: ReadonlyMap<string, number>;
  /** ISO 4217. */
  readonly currency: string;
}

export type PlanCost = NonNullable<ShownPlan['totals']['cost']>;

type BytesByTier = ReadonlyMap<string, number>;
type CostedPlan = Pick<RetentionPlan, 'streams' | 'copying' | 'moving'>;

const GIB = 2 ** 30;
/** Prices have nine digits at most, and a sum of products more that say nothing. */
const DIGITS = 6;

/**
 * What the streams of a plan cost a month, before it and when all of it is done, what moves having left its tier; undefined
 * where no price is known.
 */
export function costOf(plan: CostedPlan, { prices, currency }: StoragePrices): PlanCost | undefined {
  if (prices.size === 0) return undefined;
  const [before, after] = [bytesBefore(plan), bytesAfter(plan)];
  const cost = (tiers: BytesByTier): number =>
    Number(
      [...tiers]
        .reduce((sum, [tier, bytes]) => sum + (bytes / GIB) * (prices.get(tier) ?? 0), 0)
        .toFixed(DIGITS),
    );
  const unpriced = [...after.keys()].filter((tier) => !prices.has(tier));
  return {
    ...{ currency, per_month_before: cost(before), per_month_after: cost(after) },
    unpriced_tiers: unpriced.toSorted(),
  };
}

function bytesBefore({ streams }: CostedPlan): BytesByTier {
  return summed(streams.flatMap(({ tiers }) => tiers.map(({ tier, before }) => [tier, before.bytes])));
}

function bytesAfter({ streams, copying = [], moving = [] }: CostedPlan): BytesByTier {
  return summed([
    ...streams.flatMap(({ tiers }) => tiers.map(({ tier, after }) => [tier, after.bytes] as const)),
    ...moving.map(({ tier, bytes }) => [tier, -bytes] as const),
    ...copying.map((unit) => [unit.tier, copyBytes(unit, streams)] as const),
  ]);
}

/** Bytes that a copy will have: as many an event as the stream's copies there have, or as in search where there are none. */
function copyBytes({ stream, tier, events, bytes }: PlannedUnit, streams: readonly StreamPlan[]): number {
  const tiers = streams.find((one) => one.stream === stream)?.tiers;
  const there = tiers?.find((one) => one.tier === tier)?.before;
  return there && there.events > 0 ? (events * there.bytes) / there.events : bytes;
}

function summed(parts: readonly (readonly [tier: string, bytes: number])[]): BytesByTier {
  const sums = new Map<string, number>();
  for (const [tier, bytes] of parts) sums.set(tier, (sums.get(tier) ?? 0) + bytes);
  return sums;
}
