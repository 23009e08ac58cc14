import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { METRICS } from '#observability';
import type { MeasuredTier, TierContext, TierMeasures, TierPlugin } from '#plugin-kit';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { StreamRegistry, TierRegistry } from '#storage-tier';

export interface StorageOptions extends Omit<TierContext, 'dataDirectory'> {
  /** Each tier gets a folder of its own below it. */
  readonly tiersDirectory: string;
}

/** Opens the tiers that plugins bring and gives them, with the streams, to every module. */
@Global()
@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(
    private readonly tiers: TierRegistry,
    private readonly streams: StreamRegistry,
    @Inject(METRICS) metrics: Registry,
  ) {
    measure(tiers, metrics);
  }

  static register(options: StorageOptions): DynamicModule {
    return {
      module: StorageModule,
      providers: [
        {
          provide: StreamRegistry,
          inject: [CATALOGUE, PLUGIN_REGISTRY],
          useFactory: (catalogue: Catalogue, plugins: PluginRegistry) =>
            new StreamRegistry(catalogue, plugins.eventTypes),
        },
        {
          provide: TierRegistry,
          inject: [PLUGIN_REGISTRY],
          useFactory: (plugins: PluginRegistry) => openTiers(plugins.tiers, options),
        },
      ],
      exports: [StreamRegistry, TierRegistry],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.streams.close();
    await this.tiers.stop();
  }
}

async function openTiers(plugins: readonly TierPlugin[], options: StorageOptions): Promise<TierRegistry> {
  const directoryOf = (plugin: TierPlugin): string => join(options.tiersDirectory, plugin.manifest.name);
  for (const plugin of plugins) await mkdir(directoryOf(plugin), { recursive: true });
  return TierRegistry.open(plugins, (plugin) => ({ ...options, dataDirectory: directoryOf(plugin) }));
}

/** What tiers say of themselves, asked for when metrics are collected: once for all gauges of a collection. */
function measure(tiers: TierRegistry, metrics: Registry): void {
  const measured = tiers.tiers.filter((tier): tier is MeasuredTier => 'measure' in tier);
  let asked: Promise<(readonly [string, TierMeasures])[]> | undefined;
  const ask = (): NonNullable<typeof asked> => {
    asked ??= Promise.all(measured.map(async (tier) => [tier.name, await tier.measure()] as const)).finally(
      () => (asked = undefined),
    );
    return asked;
  };
  const gauge = (name: string, help: string, value: (measures: TierMeasures) => number): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      labelNames: ['tier'],
      registers: [metrics],
      collect: async () => {
        for (const [tier, measures] of await ask()) made.set({ tier }, value(measures));
      },
    });
  };
  gauge('alluvium_engine_merges', 'Merges that the tier’s engine runs now.', (tier) => tier.runningMerges);
  gauge('alluvium_tier_active_parts', 'Active parts of the tier’s tables.', (tier) => tier.activeParts);
  gauge('alluvium_tier_disk_bytes', 'Bytes of the tier’s active data on disk.', (tier) => tier.diskBytes);
}
