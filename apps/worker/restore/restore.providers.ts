import type { Provider } from '@nestjs/common';
import { AttachablePlaces } from '#archive-storage';
import { ArchivedUnits, AttachedArchives, RestoredStreams } from '#archived-units';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { DiskGuard, FaultPoints } from '#observability';
import { ReadOnlyStreams, StreamRegistry, TierRegistry } from '#storage-tier';
import { ArchiveNow } from './archive-now.js';
import { RestoreJob } from './restore-job.js';

/** What restores events out of archives, and takes them away again. */
export const RESTORE: Provider = {
  provide: RestoreJob,
  inject: [
    ...[TierRegistry, StreamRegistry, RestoredStreams, AttachablePlaces],
    ...[DiskGuard, JOB_QUEUE, FaultPoints, ArchivedUnits, AttachedArchives],
  ],
  useFactory: (
    tiers: TierRegistry,
    streams: StreamRegistry,
    ...[restored, places, disk, queue, { reach }, archived, attached]: [
      RestoredStreams,
      AttachablePlaces,
      DiskGuard,
      JobQueue,
      FaultPoints,
      ArchivedUnits,
      AttachedArchives,
    ]
  ) =>
    new RestoreJob({
      tier: () => tiers.restoring,
      ...{ streams, restored, places, queue, reach },
      archiveNow: new ArchiveNow({ archived, attached, places }),
      readOnly: new ReadOnlyStreams(streams, tiers),
      disk: () => disk.state(),
    }),
};
