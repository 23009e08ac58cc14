import { Gauge, type Registry } from 'prom-client';
import type { MeasuredTier, StorageTier, TierMeasures } from '#plugin-kit';

/** How long a tier may take to say how large it is: milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * What tiers say of themselves, asked for when metrics are collected: once for all gauges of a collection. One that is out has
 * no other figure than that.
 */
export function addTierMetrics(tiers: readonly StorageTier[], metrics: Registry): void {
  const measured = tiers.filter((tier): tier is MeasuredTier => 'measure' in tier);
  let asked: Promise<(readonly [string, TierMeasures | undefined])[]> | undefined;
  const ask = (): NonNullable<typeof asked> => {
    asked ??= Promise.all(measured.map(async (tier) => [tier.name, await inTime(tier)] as const)).finally(
      () => (asked = undefined),
    );
    return asked;
  };
  const gauge = (
    name: string,
    help: string,
    value: (measures: TierMeasures | undefined) => number | undefined,
  ): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      labelNames: ['tier'],
      registers: [metrics],
      collect: async () => {
        made.reset();
        for (const [tier, measures] of await ask()) {
          const figure = value(measures);
          if (figure !== undefined) made.set({ tier }, figure);
        }
      },
    });
  };
  gauge('alluvium_engine_merges', 'Merges that the tier’s engine runs now.', (tier) => tier?.runningMerges);
  gauge('alluvium_tier_active_parts', 'Active parts of the tier’s tables.', (tier) => tier?.activeParts);
  gauge('alluvium_tier_disk_bytes', 'Bytes of the tier’s active data on disk.', (tier) => tier?.diskBytes);
  gauge('alluvium_tier_up', 'Whether the tier’s engine answers: 1, else 0.', (tier) => (tier ? 1 : 0));
}

/** Undefined where the tier doesn't answer. */
function inTime(tier: MeasuredTier): Promise<TierMeasures | undefined> {
  const measures = tier.measure().catch(() => undefined);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined).unref());
  return Promise.race([measures, late]);
}
