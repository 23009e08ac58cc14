import { Module, type DynamicModule, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER } from '#observability';
import { PLUGIN_REGISTRY } from '../plugin-host.module.js';
import type { PluginRegistry } from '../plugin-registry.js';
import { PluginCatalog } from '../outside/plugin-catalog.js';
import { DeclaredParsers } from './declared-parsers.js';
import { declaredVersions } from './declared-versions.js';

/** Gives {@link DeclaredParsers} to every module, read before anything starts; needs the catalogue and the plugins. */
@Module({})
export class DeclaredParsersModule implements OnModuleDestroy, OnApplicationShutdown {
  constructor(private readonly declared: DeclaredParsers) {}

  static register(): DynamicModule {
    const provider = {
      provide: DeclaredParsers,
      inject: [CATALOGUE, PLUGIN_REGISTRY, LOGGER, PluginCatalog],
      useFactory: async (
        catalogue: Catalogue,
        plugins: PluginRegistry,
        ...[logger, { versions }]: [Logger, PluginCatalog]
      ) => {
        const declared = await DeclaredParsers.open(catalogue, plugins.parsers, logger);
        plugins.onOutside(() => void declared.review());
        versions.add(declaredVersions(declared));
        return declared;
      },
    };
    return { module: DeclaredParsersModule, global: true, providers: [provider], exports: [DeclaredParsers] };
  }

  onModuleDestroy(): void {
    this.declared.close();
  }

  /** Blocks under way have been parsed by then. */
  onApplicationShutdown(): Promise<void> {
    return this.declared.end();
  }
}
