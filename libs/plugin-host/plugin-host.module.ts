import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { LOGGER, METRICS } from '#observability';
import { loadPlugins } from './load-plugins.js';
import { PluginCatalog, type OutsideFolders } from './outside/plugin-catalog.js';
import type { PluginRegistry } from './plugin-registry.js';

/** Token of the process's {@link PluginRegistry}. */
export const PLUGIN_REGISTRY = Symbol('PLUGIN_REGISTRY');

export interface PluginHostOptions {
  /** Path or file URL of the folder with one folder for each built-in plugin. */
  readonly folder: URL | string;
  /** Where plugins lie that don't belong to the program; none are loaded without it. */
  readonly outside?: OutsideFolders;
}

/**
 * Provides {@link PLUGIN_REGISTRY} and {@link PluginCatalog} to every module. The start fails where a built-in plugin is
 * broken; an outside one that is broken is passed over, with a warning. Needs the logger and the metrics.
 */
@Module({})
export class PluginHostModule {
  static forRoot({ folder, outside }: PluginHostOptions): DynamicModule {
    return {
      module: PluginHostModule,
      global: true,
      providers: [
        { provide: PLUGIN_REGISTRY, useFactory: async () => loadPlugins(folder) },
        {
          provide: PluginCatalog,
          inject: [PLUGIN_REGISTRY, LOGGER, METRICS],
          useFactory: async (registry: PluginRegistry, logger: Logger, metrics: Registry) => {
            const catalog = new PluginCatalog({ registry, builtIn: folder, logger, metrics }, outside);
            await catalog.start();
            return catalog;
          },
        },
      ],
      exports: [PLUGIN_REGISTRY, PluginCatalog],
    };
  }
}
