import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { deriveBudgets, resolveMemoryLimit, type Settings } from '#app-config';
import { ArchiveEncryptionModule } from '#archive-encryption';
import { ArchiveStorageModule } from '#archive-storage';
import { ArchivedUnitsModule } from '#archived-units';
import { CatalogueModule } from '#catalogue';
import { EventBusModule } from '#event-bus';
import { LoggerModule, MetricsModule } from '#observability';
import { PluginHostModule } from '#plugin-host';
import { archivePlace } from './archive-place.js';
import { mongodbPlace } from './mongodb-place.js';
import { StorageModule } from './storage.module.js';

/** Statements of the engine at once: one unit is moved at a time. */
const CONCURRENCY = 4;

/** What both sides of a move are opened with. */
export interface MigrationSetting {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly reach: (faultPoint: string) => void;
  /** For files that are being made, and for caches; emptied by each call. */
  readonly workDirectory: string;
}

/** The embedded engines of a data directory, without anything that would begin new work on it. */
@Module({})
export class OldApplianceModule {
  static register(
    directory: string,
    { settings, logger, reach, workDirectory }: MigrationSetting,
  ): DynamicModule {
    const memoryBytes = deriveBudgets(resolveMemoryLimit(settings.boot.memoryLimit)).engineBytes;
    return {
      module: OldApplianceModule,
      imports: [
        LoggerModule.forRoot(logger),
        MetricsModule.forRoot(),
        CatalogueModule.register({ directory: join(directory, 'catalogue') }),
        EventBusModule.register({ directory: join(directory, 'bus') }),
        PluginHostModule.forRoot({ folder: new URL('../plugins/', import.meta.url) }),
        StorageModule.register({
          ...{ tiersDirectory: join(directory, 'tiers'), memoryBytes, concurrency: CONCURRENCY, reach },
          ...{ scratchDirectory: join(workDirectory, 'scratch'), servers: {} },
        }),
      ],
    };
  }
}

/** What of the appliance that settings name is needed to move something into it: its processes may run meanwhile. */
@Module({})
export class NewApplianceModule {
  static register(
    { settings, logger, reach, workDirectory }: MigrationSetting,
    { isForGood }: { readonly isForGood: boolean },
  ): DynamicModule {
    const { boot } = settings;
    const mongodb = mongodbPlace(settings);
    const cacheIn = (name: string) => ({
      directory: join(workDirectory, name),
      maxBytes: boot.archiveCacheBytes,
    });
    return {
      module: NewApplianceModule,
      imports: [
        LoggerModule.forRoot(logger),
        MetricsModule.forRoot(),
        CatalogueModule.register({
          // It is tied to the database, which is not to be where nothing is to be changed.
          ...{ directory: join(isForGood ? boot.dataDir : workDirectory, 'catalogue'), reach },
          ...(mongodb && { mongodb }),
        }),
        ArchiveEncryptionModule.register(boot),
        ArchiveStorageModule.register(archivePlace(settings), cacheIn('archive-cache')),
        ArchivedUnitsModule.register(),
      ],
    };
  }
}
