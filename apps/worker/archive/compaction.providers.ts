import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { readVersion } from '#app-config/version';
import { ArchiveEncryption } from '#archive-encryption';
import { openSigningKey, type SigningKey } from '#archive-format';
import { ARCHIVE_STORAGE, type ArchiveStorage } from '#archive-storage';
import { ArchivedUnits, DamagedObjects } from '#archived-units';
import { AuditRecord } from '#audit';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { DiskGuard, FaultPoints, LOGGER, METRICS } from '#observability';
import { RetentionHolds } from '#retention';
import { StreamRegistry, TierRegistry } from '#storage-tier';
import { CompactionJob } from './compaction-job.js';
import { LockByPolicy } from './lock-by-policy.js';
import { MergeMetrics } from './merge-metrics.js';
import { UnitCompactor } from './unit-compactor.js';
import { UnitCopies } from './unit-copies.js';
import { UnitHealer } from './unit-healer.js';

/** What merges small files of the archive. */
export const COMPACTION_PROVIDERS: Provider[] = [
  {
    provide: UnitCompactor,
    inject: [
      ...[TierRegistry, ARCHIVE_STORAGE, ArchivedUnits, UnitCopies, ArchiveEncryption],
      ...[LockByPolicy, SETTINGS, FaultPoints],
    ],
    useFactory: async (
      tiers: TierRegistry,
      storage: ArchiveStorage,
      ...[archived, copies, encryption, lock, { boot }, { reach }]: [
        ArchivedUnits,
        UnitCopies,
        ArchiveEncryption,
        LockByPolicy,
        Settings,
        FaultPoints,
      ]
    ) => {
      const directory = join(boot.dataDir, 'archive-merges');
      // What a killed process left there is in the clear, also where archives are encrypted.
      await rm(directory, { recursive: true, force: true });
      return new UnitCompactor({
        tier: () => tiers.exporting,
        ...{ storage, archived, copies, encryption, lock, directory, reach },
        signingKey: () => keyOf(boot.dataDir),
        version: readVersion(),
      });
    },
  },
  {
    provide: UnitHealer,
    inject: [ArchivedUnits, ARCHIVE_STORAGE, ArchiveEncryption, DamagedObjects, SETTINGS, LOGGER],
    useFactory: (
      archived: ArchivedUnits,
      storage: ArchiveStorage,
      ...[encryption, damaged, { boot }, logger]: [ArchiveEncryption, DamagedObjects, Settings, Logger]
    ) =>
      new UnitHealer({
        ...{ archived, storage, encryption, damaged, logger },
        signingKey: () => keyOf(boot.dataDir),
      }),
  },
  {
    provide: CompactionJob,
    inject: [
      ...[ArchivedUnits, UnitCompactor, UnitHealer, UnitCopies, StreamRegistry, RetentionHolds],
      ...[AuditRecord, JOB_QUEUE, RunTimeSettings, DiskGuard, METRICS, LOGGER],
    ],
    useFactory: (
      archived: ArchivedUnits,
      compactor: UnitCompactor,
      ...[healer, copies, streams, holds, audit, queue, settings, disk, metrics, logger]: [
        UnitHealer,
        UnitCopies,
        StreamRegistry,
        RetentionHolds,
        AuditRecord,
        JobQueue,
        RunTimeSettings,
        DiskGuard,
        Registry,
        Logger,
      ]
    ) =>
      new CompactionJob({
        ...{ archived, compactor, healer, copies, streams, holds, audit, queue, logger },
        disk: async () => (await disk.look()).worst,
        metrics: new MergeMetrics(metrics),
        limits: () => ({
          files: settings.current.archiveCompactFiles,
          fileBytes: settings.current.archiveCompactFileBytes,
        }),
      }),
  },
];

function keyOf(dataDir: string): Promise<SigningKey> {
  return openSigningKey(join(dataDir, 'archive-signing.pem'));
}
