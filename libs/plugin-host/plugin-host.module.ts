import { Module, type DynamicModule } from '@nestjs/common';
import { loadPlugins } from './load-plugins.js';

/** Token of the process's {@link PluginRegistry}. */
export const PLUGIN_REGISTRY = Symbol('PLUGIN_REGISTRY');

export interface PluginHostOptions {
  /** Path or file URL of the folder with one folder for each plugin. */
  readonly folder: URL | string;
}

/** Provides {@link PLUGIN_REGISTRY} to every module; the start fails where a plugin is broken. */
@Module({})
export class PluginHostModule {
  static forRoot(options: PluginHostOptions): DynamicModule {
    return {
      module: PluginHostModule,
      global: true,
      providers: [{ provide: PLUGIN_REGISTRY, useFactory: async () => loadPlugins(options.folder) }],
      exports: [PLUGIN_REGISTRY],
    };
  }
}
