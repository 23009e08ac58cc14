import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { AuditRecord } from '#audit';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { FaultPoints, HealthState, LOGGER, METRICS } from '#observability';
import { CopiesDue, StreamRegistry, TierRegistry, type BothTiers } from '#storage-tier';
import { WorkerTurn } from '../seat/worker-turn.js';
import { BlockCopier } from './block-copier.js';
import { reportOf } from './copies-health.js';
import { CopyReconciliation } from './copy-reconciliation.js';
import { DocumentsMetrics } from './documents-metrics.js';
import { DueCopier } from './due-copier.js';

/** Without a second store there is no stream that has a copy, and nothing to be done. */
const NEVER = new Promise<void>(() => undefined);

/** What keeps copies of events in the other store. */
export const COPY_PROVIDERS: Provider[] = [
  {
    provide: BlockCopier,
    inject: [TierRegistry],
    useFactory: (tiers: TierRegistry) => new BlockCopier(() => storesOf(tiers)),
  },
  {
    provide: DueCopier,
    inject: [
      ...[CopiesDue, BlockCopier, StreamRegistry, TierRegistry, LOGGER, FaultPoints, HealthState],
      { token: WorkerTurn, optional: true },
    ],
    useFactory: (
      due: CopiesDue,
      copier: BlockCopier,
      ...[streams, tiers, logger, { reach }, health, turn]: [
        StreamRegistry,
        TierRegistry,
        Logger,
        FaultPoints,
        HealthState,
        WorkerTurn?,
      ]
    ) => {
      const come = tiers.both ? (turn?.come ?? Promise.resolve()) : NEVER;
      const copies = new DueCopier({ due, copier, streams, turn: come, now: Date.now, logger, reach });
      if (tiers.both) health.register('copies', async () => reportOf(copies.behind, Date.now()));
      return copies;
    },
  },
  {
    provide: DocumentsMetrics,
    inject: [METRICS, DueCopier],
    useFactory: (metrics: Registry, copies: DueCopier) => new DocumentsMetrics(metrics, () => copies.behind),
  },
  {
    provide: CopyReconciliation,
    inject: [
      ...[BlockCopier, CopiesDue, StreamRegistry, TierRegistry],
      ...[AuditRecord, DocumentsMetrics, JOB_QUEUE, LOGGER],
    ],
    useFactory: (
      copier: BlockCopier,
      due: CopiesDue,
      ...[streams, tiers, audit, metrics, queue, logger]: [
        StreamRegistry,
        TierRegistry,
        AuditRecord,
        DocumentsMetrics,
        JobQueue,
        Logger,
      ]
    ) =>
      new CopyReconciliation({
        ...{ copier, due, streams, audit, metrics, queue, logger },
        ...{ stores: () => storesOf(tiers), now: Date.now },
      }),
  },
];

function storesOf({ both }: TierRegistry): BothTiers {
  if (both) return both;
  throw new Error('A stream has a copy in MongoDB, and MONGODB_URI is not set.');
}
