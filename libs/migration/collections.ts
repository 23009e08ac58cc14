/**
 * Collections of the catalogue that another edition of the appliance goes on with: copied document by document.
 */
export const COPIED: readonly string[] = [
  ...['access', 'keys', 'tenants', 'settings'],
  ...['audit', 'audit-begun', 'audit-state'],
  ...['event_types', 'declared-parsers', 'declared-parser-versions', 'routing-rules', 'redactions'],
  ...['enrichments', 'inputs', 'notifiers'],
  ...['retention-policies', 'retention-policy-versions', 'retention-holds', 'retention-tenants'],
  ...['archive-tenant-keys', 'archive-damage', 'attached-archives'],
  // What was sent shortly before the switch: receipts that are asked for, client ids that come again.
  ...['block-outcomes', 'client-ids'],
];

/** Those that are made anew for the other edition. */
export const REMADE: readonly string[] = [
  ...['streams', 'archived-units', 'archive-legal-holds'],
  // Of the ledger, what accounts for the refused events that come along.
  ...['ledger-totals', 'ledger-sums', 'ledger-folds'],
];

/** Those that stay behind, and why. */
export const LEFT: Readonly<Record<string, string>> = {
  'ingest-state': 'what writers were at; nothing is under way when the move begins',
  jobs: 'jobs are planned anew',
  'job-queue': 'which alarms of Redis are this appliance’s',
  'retention-plans': 'they count days of tables that are no more',
  'retention-runs': 'reports of what was removed from the old tables',
  'retention-run-units': 'reports of what was removed from the old tables',
  'retention-schedule': 'runs are planned anew',
  'retention-clock': 'the clock of the other machine is another',
  'stored-units': 'days that tables had; those of the archive are known by it',
  'copies-due': 'an appliance with a data directory has one store',
  'removed-units': 'what plans that stay behind have done',
  'unit-removals': 'none is under way when the move begins',
  'unit-removal-counts': 'none is under way when the move begins',
  'restored-streams': 'copies of archives, which are restored again where they are wanted',
  're-parses': 'reports of what was read anew in the old tables',
  'quarantine-actions': 'reports of what was done with quarantine',
  'ledger-moves': 'none is under way when the move begins',
  ...Object.fromEntries(
    ['ledger', 'ledger-differences'].map((name) => [
      name,
      'accounts of what the old log took and the old tables have',
    ]),
  ),
  'archive-scrub': 'where the reading back of archives was',
  backups: 'backups of the old data directory',
  seats: 'which process writes',
  rests: 'which streams rest for a job',
  'rest-answers': 'which processes let them rest',
  bus: 'which processes have the topic',
  'bus-lanes': 'how far the topic is done',
  'idempotency-reservations': 'keys of requests to the topic',
  secrets: 'they come from the files of the data directory',
};
