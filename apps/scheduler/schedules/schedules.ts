import { COMPACTION_JOB, LEGAL_HOLDS_JOB, TRASH_JOB } from '#archived-units';
import type { NewJob } from '#job-queue';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Kinds of jobs that this app runs itself. */
export const LEDGER_RECONCILIATION = 'ledger.reconcile';
export const EXPIRY = 'expiry';
export const AUDIT_UPKEEP = 'audit.upkeep';
export const QUARANTINE_EXPIRY = 'quarantine.expire';
export const ARCHIVE_SCRUB = 'archive.scrub';
export const RESTORED_UPKEEP = 'archives.restored-upkeep';
export const BACKUP_WATCH = 'backup.watch';
export const RETENTION_WATCH = 'retention.watch';

/** Kinds that the worker runs, too, who has the writer's lock, the archive's copies, those in the other store and the index of client ids. */
const ROLL_UP_CHECK = 'roll-ups.check';
const CLIENT_ID_EXPIRY = 'client-ids.expire';
const COPY_RECONCILIATION = 'copies.reconcile';

/** A job that runs again and again. */
export type Schedule = NewJob & { readonly everyMs: number };

/** What runs when, from the first start on; `everyMs` counts from the end of one run to the next. */
export const SCHEDULES: readonly Schedule[] = [
  { kind: ROLL_UP_CHECK, id: 'all-streams', everyMs: MINUTE_MS },
  { kind: LEDGER_RECONCILIATION, id: 'all-streams', everyMs: 20 * SECOND_MS },
  { kind: EXPIRY, id: 'all-tenants', everyMs: 10 * MINUTE_MS },
  { kind: AUDIT_UPKEEP, id: 'record', everyMs: 24 * 60 * MINUTE_MS },
  { kind: QUARANTINE_EXPIRY, id: 'all-tenants', everyMs: 60 * MINUTE_MS },
  { kind: ARCHIVE_SCRUB, id: 'all-streams', everyMs: 60 * MINUTE_MS },
  { kind: COMPACTION_JOB, id: 'all-streams', everyMs: 60 * MINUTE_MS },
  { kind: LEGAL_HOLDS_JOB, id: 'all-streams', everyMs: MINUTE_MS },
  { kind: TRASH_JOB, id: 'all-streams', everyMs: 10 * MINUTE_MS },
  { kind: RESTORED_UPKEEP, id: 'all-tenants', everyMs: MINUTE_MS },
  { kind: RETENTION_WATCH, id: 'all-tenants', everyMs: MINUTE_MS },
  { kind: BACKUP_WATCH, id: 'appliance', everyMs: MINUTE_MS },
  { kind: COPY_RECONCILIATION, id: 'all-streams', everyMs: 60 * MINUTE_MS },
  { kind: CLIENT_ID_EXPIRY, id: 'all-streams', everyMs: 10 * MINUTE_MS },
];
