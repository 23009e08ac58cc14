import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { RunTimeSettings } from '#app-config';
import { ArchiveEncryption } from '#archive-encryption';
import { ARCHIVE_STORAGE, type ArchiveStorage } from '#archive-storage';
import { ArchivedUnits, DamagedObjects, RestoredStreams } from '#archived-units';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { JOB_QUEUE, type InspectableJobQueue, type JobQueue } from '#job-queue';
import { QuarantineActions } from '#ledger';
import { LOGGER, METRICS } from '#observability';
import { ClockGuard, RetentionHolds } from '#retention';
import { RestoredUnloading, StreamRegistry, TierRegistry } from '#storage-tier';
import { ArchiveScrubJob } from './jobs/archive-scrub.js';
import { AuditUpkeepJob } from './jobs/audit-upkeep.js';
import { BackupWatchJob } from './jobs/backup-watch-job.js';
import { DamageGauge } from './jobs/damage-gauge.js';
import { ExpiryJob } from './jobs/expiry.js';
import { LedgerReconciliationJob } from './jobs/ledger-reconciliation.js';
import { QuarantineExpiryJob } from './jobs/quarantine-expiry.js';
import { RestoredUpkeepJob } from './jobs/restored-upkeep.js';
import { RetentionWatchJob } from './jobs/retention-watch-job.js';
import { ResidueGauge } from './jobs/residue-gauge.js';
import { OWN_JOBS_PROVIDER } from './schedules/own-jobs.js';
import { Scheduler } from './schedules/scheduler.js';

const quarantineExpiry = {
  provide: QuarantineExpiryJob,
  inject: [
    ...[TierRegistry, StreamRegistry, QuarantineActions],
    ...[JOB_QUEUE, RunTimeSettings, RetentionHolds, ClockGuard],
  ],
  useFactory: (
    tiers: TierRegistry,
    streams: StreamRegistry,
    ...[actions, queue, settings, holds, clock]: [
      QuarantineActions,
      JobQueue,
      RunTimeSettings,
      RetentionHolds,
      ClockGuard,
    ]
  ) =>
    new QuarantineExpiryJob({
      tier: () => tiers.quarantine,
      ...{ streams, actions, queue, holds, clock },
      settings: () => settings.current,
    }),
};

const archiveScrub = {
  provide: ArchiveScrubJob,
  inject: [
    ...[ARCHIVE_STORAGE, ArchivedUnits, DamagedObjects, StreamRegistry],
    ...[CATALOGUE, METRICS, RunTimeSettings, LOGGER, ArchiveEncryption],
  ],
  useFactory: (
    storage: ArchiveStorage,
    archived: ArchivedUnits,
    ...[damaged, streams, catalogue, metrics, settings, logger, { keys }]: [
      DamagedObjects,
      StreamRegistry,
      Catalogue,
      Registry,
      RunTimeSettings,
      Logger,
      ArchiveEncryption,
    ]
  ) =>
    new ArchiveScrubJob({
      ...{ storage, archived, damaged, streams, catalogue, keys, logger },
      gauge: new DamageGauge(metrics),
      bytesAtOnce: () => settings.current.archiveScrubBytes,
    }),
};

const restoredUpkeep = {
  provide: RestoredUpkeepJob,
  inject: [RestoredStreams, StreamRegistry, JOB_QUEUE],
  useFactory: (restored: RestoredStreams, streams: StreamRegistry, queue: InspectableJobQueue) =>
    new RestoredUpkeepJob({
      ...{ restored, queue },
      unloading: new RestoredUnloading({ restored, streams, queue }),
    }),
};

/**
 * The role `scheduler`: what runs without being asked for. Needs the job queue, the audit record, the event bus, the ledger, the metrics,
 * archives, backups, retention, the stream registry and the tier registry from global modules.
 */
@Module({
  providers: [
    AuditUpkeepJob,
    BackupWatchJob,
    archiveScrub,
    ExpiryJob,
    LedgerReconciliationJob,
    quarantineExpiry,
    OWN_JOBS_PROVIDER,
    ResidueGauge,
    restoredUpkeep,
    RetentionWatchJob,
    Scheduler,
  ],
})
export class SchedulerModule {}
