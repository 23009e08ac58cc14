import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER, METRICS } from '#observability';
import type { Logger } from 'pino';
import type { MeasuredTier, TierContext, TierMeasures, TierPlugin, TierServer } from '#plugin-kit';
import { PLUGIN_REGISTRY, PluginCatalog, type PluginRegistry } from '#plugin-host';
import { EventTypeRegistry, StreamRegistry, TierRegistry, type PluginRefused } from '#storage-tier';

export interface StorageOptions extends Omit<TierContext, 'dataDirectory' | 'server'> {
  /** Each tier gets a folder of its own below it. */
  readonly tiersDirectory: string;
  /** Servers that tiers keep their events on, by the plugin's name. */
  readonly servers: Readonly<Record<string, TierServer>>;
}

/** How long a tier may take to say how large it is: milliseconds. */
const PATIENCE_MS = 2_000;

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
          inject: [PLUGIN_REGISTRY, LOGGER],
          useFactory: (plugins: PluginRegistry, logger: Logger) => openTiers(plugins.tiers, options, logger),
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

async function openTiers(
  plugins: readonly TierPlugin[],
  { servers, ...options }: StorageOptions,
  logger: Pick<Logger, 'error'>,
): Promise<TierRegistry> {
  const directoryOf = (plugin: TierPlugin): string => join(options.tiersDirectory, plugin.manifest.name);
  for (const plugin of plugins) await mkdir(directoryOf(plugin), { recursive: true });
  const registry = await TierRegistry.open(plugins, (plugin) => {
    const server = servers[plugin.manifest.name];
    return { ...options, dataDirectory: directoryOf(plugin), ...(server && { server }) };
  });
  for (const tier of registry.tiers)
    tier.ping().catch((error: unknown) => {
      logger.error({ err: error, tier: tier.name }, 'a tier is out: events wait on the bus until it answers');
    });
  return registry;
}

/**
 * What tiers say of themselves, asked for when metrics are collected: once for all gauges of a collection. One that is out has
 * no other figure than that.
 */
function measure(tiers: TierRegistry, metrics: Registry): void {
  const measured = tiers.tiers.filter((tier): tier is MeasuredTier => 'measure' in tier);
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
