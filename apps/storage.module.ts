import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { METRICS } from '#observability';
import type { MeasuredTier, TierContext, TierPlugin } from '#plugin-kit';
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

/** What a tier says of itself, asked for when metrics are collected. */
function measure(tiers: TierRegistry, metrics: Registry): void {
  const measured = tiers.tiers.filter((tier): tier is MeasuredTier => 'measure' in tier);
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['tier'], registers: [metrics] });
  const merges = gauge('alluvium_engine_merges', 'Merges that the tier’s engine runs now.');
  const parts = gauge('alluvium_tier_active_parts', 'Active parts of the tier’s tables.');
  new Gauge({
    name: 'alluvium_tier_disk_bytes',
    help: 'Bytes of the tier’s active data on disk.',
    labelNames: ['tier'],
    registers: [metrics],
    async collect() {
      for (const tier of measured) {
        const labels = { tier: tier.name };
        const { diskBytes, activeParts, runningMerges } = await tier.measure();
        this.set(labels, diskBytes);
        merges.set(labels, runningMerges);
        parts.set(labels, activeParts);
      }
    },
  });
}
