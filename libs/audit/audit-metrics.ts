import { Gauge, type Registry } from 'prom-client';
import type { AuditRecord } from './audit-record.js';
import type { ChainReport } from './chain-verifier.js';

/** Metrics of the record: how long it is, and how it was when it was verified last. */
export function addAuditMetrics(metrics: Registry, record: AuditRecord): void {
  const registers = [metrics];
  const entries: Gauge = new Gauge({
    name: 'alluvium_audit_entries',
    help: 'Entries of the audit record.',
    registers,
    collect: async () => entries.set(await record.count()),
  });
  const ofLast = (name: string, help: string, value: (report: ChainReport) => number): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: async () => {
        const last = await record.verifier.last();
        // Before the first time there is no value: 0 would say that it is broken.
        if (last) gauge.set(value(last));
        else gauge.remove();
      },
    });
  };
  ofLast(
    'alluvium_audit_whole',
    'Whether the audit record was as it was written when it was verified last: 1, else 0.',
    ({ whole }) => (whole ? 1 : 0),
  );
  ofLast(
    'alluvium_audit_verified_timestamp_seconds',
    'When the audit record was verified last.',
    ({ verified_at }) => Date.parse(verified_at) / 1_000,
  );
}
