import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { readVersion } from '#app-config/version';
import { ArchiveEncryption } from '#archive-encryption';
import { openSigningKey } from '#archive-format';
import { ARCHIVE_STORAGE, type ArchiveStorage } from '#archive-storage';
import { ArchivedUnits } from '#archived-units';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { FaultPoints, LOGGER, METRICS } from '#observability';
import { ClockGuard, RetentionHolds, RetentionPolicies } from '#retention';
import { StreamRegistry, TierRegistry } from '#storage-tier';
import { RemovalSettler } from '../retention/removal-settler.js';
import { WriterPool } from '../writers/writer-pool.js';
import { ArchiveTrash } from './archive-trash.js';
import { CopyMetrics } from './copy-metrics.js';
import { LockByPolicy } from './lock-by-policy.js';
import { ReplacedUnits } from './replaced-units.js';
import { UnitArchiver } from './unit-archiver.js';
import { UnitCopies } from './unit-copies.js';
import { UnitMover } from './unit-mover.js';

/** What copies days into the archive. */
export const ARCHIVE_PROVIDERS: Provider[] = [
  {
    provide: LockByPolicy,
    inject: [RetentionPolicies],
    useFactory: (policies: RetentionPolicies) => new LockByPolicy(policies),
  },
  {
    provide: UnitCopies,
    inject: [ARCHIVE_STORAGE, ArchivedUnits],
    useFactory: (storage: ArchiveStorage, archived: ArchivedUnits) => new UnitCopies({ storage, archived }),
  },
  {
    provide: ReplacedUnits,
    inject: [ArchivedUnits, UnitCopies, ARCHIVE_STORAGE, ArchiveEncryption, LOGGER, FaultPoints],
    useFactory: (
      archived: ArchivedUnits,
      copies: UnitCopies,
      ...[storage, encryption, logger, { reach }]: [ArchiveStorage, ArchiveEncryption, Logger, FaultPoints]
    ) => new ReplacedUnits({ archived, copies, storage, encryption, logger, reach }),
  },
  {
    provide: ArchiveTrash,
    inject: [
      ...[ArchivedUnits, ARCHIVE_STORAGE, ReplacedUnits, StreamRegistry, RetentionHolds],
      ...[ClockGuard, RunTimeSettings, JOB_QUEUE, LOGGER, FaultPoints],
    ],
    useFactory: (
      archived: ArchivedUnits,
      storage: ArchiveStorage,
      ...[replaced, streams, holds, clock, settings, queue, logger, { reach }]: [
        ReplacedUnits,
        StreamRegistry,
        RetentionHolds,
        ClockGuard,
        RunTimeSettings,
        JobQueue,
        Logger,
        FaultPoints,
      ]
    ) =>
      new ArchiveTrash({
        ...{ archived, replaced, storage, streams, holds, clock, queue, logger, reach },
        hours: () => settings.current.archiveTrashHours,
        graceHours: () => settings.current.archiveGraceHours,
      }),
  },
  {
    provide: UnitArchiver,
    inject: [
      ...[TierRegistry, ARCHIVE_STORAGE, ArchivedUnits, UnitCopies, LockByPolicy],
      ...[ArchiveEncryption, SETTINGS, METRICS, LOGGER, FaultPoints],
    ],
    useFactory: async (
      tiers: TierRegistry,
      storage: ArchiveStorage,
      ...[archived, copies, lock, encryption, { boot }, metrics, logger, { reach }]: [
        ArchivedUnits,
        UnitCopies,
        LockByPolicy,
        ArchiveEncryption,
        Settings,
        Registry,
        Logger,
        FaultPoints,
      ]
    ) => {
      const directory = join(boot.dataDir, 'archive-copies');
      // What a killed process left there is in the clear, also where archives are encrypted.
      await rm(directory, { recursive: true, force: true });
      return new UnitArchiver({
        tier: () => tiers.exporting,
        ...{ storage, archived, copies, lock, encryption, logger, reach },
        signingKey: () => openSigningKey(join(boot.dataDir, 'archive-signing.pem')),
        directory,
        version: readVersion(),
        counted: new CopyMetrics(metrics).counted,
      });
    },
  },
  {
    provide: UnitMover,
    inject: [
      ...[TierRegistry, ARCHIVE_STORAGE, ArchivedUnits, RemovalSettler],
      ...[WriterPool, ArchiveEncryption, FaultPoints],
    ],
    useFactory: (
      tiers: TierRegistry,
      storage: ArchiveStorage,
      ...[archived, settler, writers, encryption, { reach }]: [
        ArchivedUnits,
        RemovalSettler,
        WriterPool,
        ArchiveEncryption,
        FaultPoints,
      ]
    ) =>
      new UnitMover({
        tier: () => tiers.exporting,
        ...{ storage, archived, settler, writers, encryption, reach },
      }),
  },
];
