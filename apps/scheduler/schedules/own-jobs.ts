import type { Provider } from '@nestjs/common';
import { AuditUpkeepJob } from '../jobs/audit-upkeep.js';
import { ExpiryJob } from '../jobs/expiry.js';
import { LedgerReconciliationJob } from '../jobs/ledger-reconciliation.js';
import { QuarantineExpiryJob } from '../jobs/quarantine-expiry.js';
import { OWN_JOBS, type OwnJob } from './scheduler.js';
import { AUDIT_UPKEEP, EXPIRY, LEDGER_RECONCILIATION, QUARANTINE_EXPIRY } from './schedules.js';

export interface OwnJobParts {
  readonly reconciliation: LedgerReconciliationJob;
  readonly expiry: ExpiryJob;
  readonly auditUpkeep: AuditUpkeepJob;
  readonly quarantine: QuarantineExpiryJob;
}

/** What runs under which kind. */
export function ownJobsOf({ reconciliation, expiry, auditUpkeep, quarantine }: OwnJobParts): OwnJob[] {
  return [
    { kind: LEDGER_RECONCILIATION, run: ({ signal }) => reconciliation.run(signal) },
    { kind: EXPIRY, run: () => expiry.run() },
    { kind: AUDIT_UPKEEP, run: ({ signal }) => auditUpkeep.run(signal) },
    { kind: QUARANTINE_EXPIRY, run: ({ signal }) => quarantine.run(signal) },
  ];
}

export const OWN_JOBS_PROVIDER: Provider = {
  provide: OWN_JOBS,
  inject: [LedgerReconciliationJob, ExpiryJob, AuditUpkeepJob, QuarantineExpiryJob],
  useFactory: (
    reconciliation: LedgerReconciliationJob,
    expiry: ExpiryJob,
    ...[auditUpkeep, quarantine]: [AuditUpkeepJob, QuarantineExpiryJob]
  ) => ownJobsOf({ reconciliation, expiry, auditUpkeep, quarantine }),
};
