import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER, METRICS } from '#observability';
import type { Logger } from 'pino';
import type { MeasuredTier, TierContext, TierMeasures, TierPlugin } from '#plugin-kit';
import { PLUGIN_REGISTRY, PluginCatalog, type PluginRegistry } from '#plugin-host';
import { EventTypeRegistry, StreamRegistry, TierRegistry, type PluginRefused } from '#storage-tier';

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
    private readonly eventTypes: EventTypeRegistry,
    @Inject(METRICS) metrics: Registry,
  ) {
    measure(tiers, metrics);
  }

  static register(options: StorageOptions): DynamicModule {
    return {
      module: StorageModule,
      providers: [
        {
          provide: EventTypeRegistry,
          // The catalogue of plugins has brought the outside ones in by then.
          inject: [CATALOGUE, PLUGIN_REGISTRY, LOGGER, PluginCatalog],
          useFactory: openEventTypes,
        },
        {
          provide: StreamRegistry,
          inject: [CATALOGUE, EventTypeRegistry],
          useFactory: (catalogue: Catalogue, eventTypes: EventTypeRegistry) =>
            new StreamRegistry(catalogue, eventTypes),
        },
        {
          provide: TierRegistry,
          inject: [PLUGIN_REGISTRY],
          useFactory: (plugins: PluginRegistry) => openTiers(plugins.tiers, options),
        },
      ],
      exports: [EventTypeRegistry, StreamRegistry, TierRegistry],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.streams.close();
    this.eventTypes.close();
    await this.tiers.stop();
  }
}

/** Types of outside plugins are taken over again whenever those change. */
async function openEventTypes(
  catalogue: Catalogue,
  plugins: PluginRegistry,
  logger: Logger,
): Promise<EventTypeRegistry> {
  const registry = new EventTypeRegistry(catalogue, plugins.eventTypes);
  const refused: PluginRefused = (name, error) =>
    logger.error({ err: error, eventType: name }, "a plugin's event type stays as its tables are");
  await registry.open(refused);
  plugins.onOutside(() => {
    registry
      .adoptPlugins(refused)
      .catch((error: unknown) => logger.error({ err: error }, 'new event types are not in force yet'));
  });
  return registry;
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
