import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { TierObjects } from '#archive-storage';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER, METRICS } from '#observability';
import type { Logger } from 'pino';
import type { TierContext, TierPlugin, TierServer } from '#plugin-kit';
import { OutsideTierObjects, PLUGIN_REGISTRY, PluginCatalog, type PluginRegistry } from '#plugin-host';
import {
  CopiesDue,
  EventTypeRegistry,
  StreamRegistry,
  TierRegistry,
  type PluginRefused,
} from '#storage-tier';
import { WorkerTurn } from './worker/seat/worker-turn.js';
import { addTierMetrics } from './tier-metrics.js';

export interface StorageOptions extends Omit<TierContext, 'dataDirectory' | 'server'> {
  /** Each tier gets a folder of its own below it. */
  readonly tiersDirectory: string;
  /** Servers that tiers keep their events on, by the plugin's name. */
  readonly servers: Readonly<Record<string, TierServer>>;
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
    addTierMetrics(tiers.tiers, metrics);
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
          provide: CopiesDue,
          inject: [CATALOGUE],
          useFactory: (catalogue: Catalogue) => new CopiesDue(catalogue),
        },
        {
          provide: TierRegistry,
          // Of several processes with the role worker one changes tables that are there; alone there is no turn.
          inject: [PLUGIN_REGISTRY, LOGGER, { token: WorkerTurn, optional: true }],
          useFactory: (plugins: PluginRegistry, logger: Logger, turn?: WorkerTurn) =>
            openTiers(plugins.tiers, { ...options, ...(turn && { turn }) }, logger),
        },
        {
          provide: TierObjects,
          inject: [PLUGIN_REGISTRY, TierRegistry, LOGGER],
          useFactory: ({ unitTiers }: PluginRegistry, registry: TierRegistry, logger: Logger) =>
            new OutsideTierObjects({ tiers: unitTiers, engine: () => registry.exporting, logger }),
        },
      ],
      exports: [CopiesDue, EventTypeRegistry, StreamRegistry, TierRegistry, TierObjects],
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
  const used = plugins.filter(({ needsServer, manifest }) => !needsServer || servers[manifest.name]);
  for (const plugin of used) await mkdir(directoryOf(plugin), { recursive: true });
  const registry = await TierRegistry.open(used, (plugin) => {
    const server = servers[plugin.manifest.name];
    return { ...options, dataDirectory: directoryOf(plugin), ...(server && { server }) };
  });
  for (const tier of registry.tiers)
    tier.ping().catch((error: unknown) => {
      logger.error({ err: error, tier: tier.name }, 'a tier is out: events wait on the bus until it answers');
    });
  return registry;
}
