import { Module } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { QuarantineActions } from '#ledger';
import { ClockGuard, RetentionHolds } from '#retention';
import { StreamRegistry, TierRegistry } from '#storage-tier';
import { AuditUpkeepJob } from './jobs/audit-upkeep.js';
import { ExpiryJob } from './jobs/expiry.js';
import { LedgerReconciliationJob } from './jobs/ledger-reconciliation.js';
import { QuarantineExpiryJob } from './jobs/quarantine-expiry.js';
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

/**
 * The role `scheduler`: what runs without being asked for. Needs the job queue, the audit record, the event bus, the ledger, the metrics,
 * retention, the stream registry and the tier registry from global modules.
 */
@Module({
  providers: [
    AuditUpkeepJob,
    ExpiryJob,
    LedgerReconciliationJob,
    quarantineExpiry,
    OWN_JOBS_PROVIDER,
    ResidueGauge,
    RetentionWatchJob,
    Scheduler,
  ],
})
export class SchedulerModule {}
