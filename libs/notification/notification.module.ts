import { Module, type DynamicModule, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER } from '#observability';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { Notifiers } from './notifiers.js';
import { OpenNetworks } from './open-networks.js';
import { readSecret } from './secret-files.js';

export interface NotificationOptions {
  /** Folder of the files that hold secrets; it may be missing. */
  readonly secretsFolder: string;
  /** Networks that are not public and may be reached: `10.0.0.0/8`. */
  readonly networks: readonly string[];
}

/** Gives {@link Notifiers} to every module; needs the catalogue, the plugins and the logger. */
@Module({})
export class NotificationModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly notifiers: Notifiers) {}

  static register({ secretsFolder, networks }: NotificationOptions): DynamicModule {
    const open = new OpenNetworks(networks);
    const context = {
      mayReach: (address: string) => open.has(address),
      readSecret: (name: string) => readSecret(secretsFolder, name),
    };
    const provider = {
      provide: Notifiers,
      inject: [CATALOGUE, PLUGIN_REGISTRY, LOGGER],
      useFactory: (catalogue: Catalogue, plugins: PluginRegistry, logger: Logger) => {
        const notifiers = new Notifiers({
          ...{ catalogue, plugins: plugins.notifiers, context, now: () => performance.now() },
          failed: (notifier, err, { id, key }) =>
            logger.error({ err, notifier, notification: id, key }, 'a notification was not taken'),
        });
        plugins.onOutside(() => void notifiers.review());
        return notifiers;
      },
    };
    return { module: NotificationModule, global: true, providers: [provider], exports: [Notifiers] };
  }

  async onModuleInit(): Promise<void> {
    await this.notifiers.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.notifiers.close();
  }
}
