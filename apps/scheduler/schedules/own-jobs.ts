import type { Provider } from '@nestjs/common';
import { ArchiveScrubJob } from '../jobs/archive-scrub.js';
import { AuditUpkeepJob } from '../jobs/audit-upkeep.js';
import { ExpiryJob } from '../jobs/expiry.js';
import { LedgerReconciliationJob } from '../jobs/ledger-reconciliation.js';
import { QuarantineExpiryJob } from '../jobs/quarantine-expiry.js';
import { RestoredUpkeepJob } from '../jobs/restored-upkeep.js';
import { OWN_JOBS, type OwnJob } from './scheduler.js';
import {
  ARCHIVE_SCRUB,
  AUDIT_UPKEEP,
  EXPIRY,
  LEDGER_RECONCILIATION,
  QUARANTINE_EXPIRY,
  RESTORED_UPKEEP,
} from './schedules.js';

export interface OwnJobParts {
  readonly reconciliation: LedgerReconciliationJob;
  readonly expiry: ExpiryJob;
  readonly auditUpkeep: AuditUpkeepJob;
  readonly quarantine: QuarantineExpiryJob;
  readonly scrub: ArchiveScrubJob;
  readonly restored: RestoredUpkeepJob;
}

/** What runs under which kind. */
export function ownJobsOf(parts: OwnJobParts): OwnJob[] {
  const { reconciliation, expiry, auditUpkeep, quarantine, scrub, restored } = parts;
  return [
    { kind: LEDGER_RECONCILIATION, run: ({ signal }) => reconciliation.run(signal) },
    { kind: EXPIRY, run: () => expiry.run() },
    { kind: AUDIT_UPKEEP, run: ({ signal }) => auditUpkeep.run(signal) },
    { kind: QUARANTINE_EXPIRY, run: ({ signal }) => quarantine.run(signal) },
    { kind: RESTORED_UPKEEP, run: () => restored.run() },
    { kind: ARCHIVE_SCRUB, run: ({ signal }) => scrub.run(signal) },
  ];
}

export const OWN_JOBS_PROVIDER: Provider = {
  provide: OWN_JOBS,
  inject: [
    ...[LedgerReconciliationJob, ExpiryJob, AuditUpkeepJob],
    ...[QuarantineExpiryJob, ArchiveScrubJob, RestoredUpkeepJob],
  ],
  useFactory: (
    reconciliation: LedgerReconciliationJob,
    expiry: ExpiryJob,
    ...[auditUpkeep, quarantine, scrub, restored]: [
      AuditUpkeepJob,
      QuarantineExpiryJob,
      ArchiveScrubJob,
      RestoredUpkeepJob,
    ]
  ) => ownJobsOf({ reconciliation, expiry, auditUpkeep, quarantine, scrub, restored }),
};
