import { Module } from '@nestjs/common';
import { AuditUpkeepJob } from './jobs/audit-upkeep.js';
import { ExpiryJob } from './jobs/expiry.js';
import { LedgerReconciliationJob } from './jobs/ledger-reconciliation.js';
import { ResidueGauge } from './jobs/residue-gauge.js';
import { Scheduler } from './schedules/scheduler.js';

/**
 * The role `scheduler`: what runs without being asked for. Needs the job queue, the audit record, the event bus, the ledger, the metrics,
 * the stream registry and the tier registry from global modules.
 */
@Module({ providers: [AuditUpkeepJob, ExpiryJob, LedgerReconciliationJob, ResidueGauge, Scheduler] })
export class SchedulerModule {}
