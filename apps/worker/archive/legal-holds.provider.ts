import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { SETTINGS, type Settings } from '#app-config';
import { ARCHIVE_STORAGE, type ArchiveStorage } from '#archive-storage';
import { ArchivedUnits, LegalHolds } from '#archived-units';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { LOGGER } from '#observability';
import { RetentionHolds } from '#retention';
import { StreamRegistry } from '#storage-tier';
import { LegalHoldsJob } from './legal-holds-job.js';

/** What sets legal holds in a store that locks objects. */
export const LEGAL_HOLDS: Provider = {
  provide: LegalHoldsJob,
  inject: [
    ARCHIVE_STORAGE,
    ArchivedUnits,
    LegalHolds,
    RetentionHolds,
    StreamRegistry,
    JOB_QUEUE,
    SETTINGS,
    LOGGER,
  ],
  useFactory: (
    storage: ArchiveStorage,
    archived: ArchivedUnits,
    ...[legalHolds, holds, streams, queue, { boot }, logger]: [
      LegalHolds,
      RetentionHolds,
      StreamRegistry,
      JobQueue,
      Settings,
      Logger,
    ]
  ) =>
    new LegalHoldsJob({
      ...{ storage, archived, legalHolds, holds, streams, queue, logger },
      locks: boot.s3ObjectLock !== 'off',
    }),
};
