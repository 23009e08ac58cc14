import { join, resolve } from 'node:path';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Logger } from 'pino';
import { AccessModule } from '#access';
import {
  deriveBudgets,
  isOneOfSeveral,
  resolveMemoryLimit,
  resolveScratchDir,
  type Settings,
} from '#app-config';
import { ArchiveEncryptionModule } from '#archive-encryption';
import { ArchiveStorageModule } from '#archive-storage';
import { ArchivedUnitsModule } from '#archived-units';
import { AuditModule } from '#audit';
import { BackupModule } from '#backup';
import { CatalogueModule, type Catalogue } from '#catalogue';
import { EnrichmentModule } from '#enrichment';
import { EventBusModule } from '#event-bus';
import { JobQueueModule } from '#job-queue';
import { LedgerModule } from '#ledger';
import { refuseUnfinished } from '#migration';
import { NotificationModule } from '#notification';
import { FaultPoints, LoggerModule, MetricsModule } from '#observability';
import { DeclaredParsersModule, PluginHostModule } from '#plugin-host';
import { RedactionModule } from '#redaction';
import { RetentionModule } from '#retention';
import { RoutingModule } from '#routing';
import { StoredNoticesModule } from '#storage-tier';
import { ApiModule } from './api/api.module.js';
import { ProbesModule } from './api/probes.module.js';
import { archivePlace, attachablePlaces } from './archive-place.js';
import { AuditWatchModule } from './audit/audit-watch.module.js';
import { FollowedBusModule } from './followed-bus.module.js';
import { processName } from './process-name.js';
import { queueOnRedis } from './queue-on-redis.js';
import { kafkaConnection } from './kafka-bus.js';
import { mongodbPlace } from './mongodb-place.js';
import { SchedulerModule } from './scheduler/scheduler.module.js';
import { SettingsModule } from './settings.module.js';
import { shareSecrets } from './shared-secrets.js';
import { StorageModule } from './storage.module.js';
import { tierPlace } from './tier-place.js';
import { tierServers } from './tier-servers.js';
import { WorkerSeatModule } from './worker/seat/worker-seat.module.js';
import { WorkerModule } from './worker/worker.module.js';

/** Threads of libuv's pool that statements of the engine leave to the log and the file system. */
const THREADS_KEPT = 3;
const DEFAULT_THREADS = 4;

/** Everything that this process runs: the engines, and the roles on top of them. */
@Module({})
export class AppModule {
  static register(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [...services(settings, logger), ...roles(settings)],
    };
  }
}

/** In the order in which they are closed last to first: what others write to comes first. */
function services(settings: Settings, logger: Logger): DynamicModule[] {
  const { boot } = settings;
  const faults = new FaultPoints(boot.faultPoints);
  const { reach } = faults;
  const shared = isOneOfSeveral(boot);
  const own: { process?: string } = shared ? { process: processName(boot.dataDir) } : {};
  const kafka = kafkaConnection(settings);
  const mongodb = mongodbPlace(settings);
  const adminKey = boot.adminKey?.reveal();
  const scratchDirectory = resolveScratchDir(boot);
  const memoryBytes = deriveBudgets(resolveMemoryLimit(boot.memoryLimit)).engineBytes;
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? DEFAULT_THREADS);
  const concurrency = Math.max(2, threads - THREADS_KEPT);
  const tiersDirectory = join(boot.dataDir, 'tiers');
  return [
    LoggerModule.forRoot(logger),
    MetricsModule.forRoot(),
    CatalogueModule.register({
      ...{ directory: join(boot.dataDir, 'catalogue'), reach },
      ...(mongodb && { mongodb }),
      opened: async (catalogue: Catalogue) => {
        await refuseUnfinished(catalogue);
        if (shared) await shareSecrets(catalogue, boot.dataDir);
      },
    }),
    AuditModule.register({ reach, ...own }),
    SettingsModule.register(settings, faults),
    EventBusModule.register({
      ...{ directory: join(boot.dataDir, 'bus'), reach, log: logger },
      ...(kafka && { kafka }),
      shared,
    }),
    PluginHostModule.forRoot({
      folder: new URL('../plugins/', import.meta.url),
      ...(boot.pluginsDir !== undefined && {
        outside: {
          folder: resolve(boot.pluginsDir),
          stageDirectory: resolve(boot.dataDir, 'plugins'),
          versionsDirectory: resolve(boot.dataDir, 'plugin-versions'),
          placeOf: (manifest) => tierPlace(settings, manifest),
        },
      }),
    }),
    DeclaredParsersModule.register(),
    StoredNoticesModule.register(),
    ...(own.process !== undefined && boot.roles.includes('worker')
      ? [WorkerSeatModule.register(own.process)]
      : []),
    StorageModule.register({
      ...{ tiersDirectory, scratchDirectory, memoryBytes, concurrency, reach },
      asksOnly: !boot.roles.includes('worker'),
      servers: tierServers(boot),
    }),
    ArchiveEncryptionModule.register(boot),
    ArchiveStorageModule.register(
      archivePlace(settings),
      { directory: join(boot.dataDir, 'archive-cache'), maxBytes: boot.archiveCacheBytes },
      {
        places: attachablePlaces(settings),
        cache: { directory: join(boot.dataDir, 'attached-cache'), maxBytes: boot.archiveCacheBytes },
        decrypted: { directory: join(boot.dataDir, 'archive-decrypted'), maxBytes: boot.archiveCacheBytes },
        tierCache: { directory: join(boot.dataDir, 'tier-cache'), maxBytes: boot.archiveCacheBytes },
      },
    ),
    ArchivedUnitsModule.register(),
    BackupModule.register(settings),
    LedgerModule.register({ secretFile: join(boot.dataDir, 'receipts.secret') }),
    RedactionModule.register({ secretFile: join(boot.dataDir, 'redaction.secret') }),
    RetentionModule.register(),
    RoutingModule.register(),
    EnrichmentModule.register({ folder: boot.enrichmentDir ?? join(boot.dataDir, 'enrichment') }),
    NotificationModule.register({
      secretsFolder: boot.secretsDir ?? join(boot.dataDir, 'secrets'),
      networks: boot.notifyNetworks,
    }),
    JobQueueModule.register(queueOnRedis(settings)),
    AccessModule.register({
      ...{ directory: boot.dataDir, isElsewhere: !boot.roles.includes('api') },
      ...(adminKey === undefined ? {} : { adminKey }),
    }),
  ];
}

function roles({ boot }: Settings): (DynamicModule | Type)[] {
  const has = (role: Settings['boot']['roles'][number]): boolean => boot.roles.includes(role);
  const name = isOneOfSeveral(boot) ? processName(boot.dataDir) : undefined;
  return [
    AuditWatchModule.register(name),
    ...(has('worker') ? [WorkerModule] : []),
    ...(has('scheduler') ? [SchedulerModule] : []),
    ...(has('api') ? [ApiModule] : [ProbesModule]),
    ...(name === undefined ? [] : [FollowedBusModule]),
  ];
}
