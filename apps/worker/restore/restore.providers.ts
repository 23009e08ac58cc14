import type { Provider } from '@nestjs/common';
import { AttachablePlaces } from '#archive-storage';
import { RestoredStreams } from '#archived-units';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { DiskGuard, FaultPoints } from '#observability';
import { ReadOnlyStreams, StreamRegistry, TierRegistry } from '#storage-tier';
import { RestoreJob } from './restore-job.js';

/** What restores events out of archives, and takes them away again. */
export const RESTORE: Provider = {
  provide: RestoreJob,
  inject: [
    ...[TierRegistry, StreamRegistry, RestoredStreams, AttachablePlaces],
    ...[DiskGuard, JOB_QUEUE, FaultPoints],
  ],
  useFactory: (
    tiers: TierRegistry,
    streams: StreamRegistry,
    ...[restored, places, disk, queue, { reach }]: [
      RestoredStreams,
      AttachablePlaces,
      DiskGuard,
      JobQueue,
      FaultPoints,
    ]
  ) =>
    new RestoreJob({
      tier: () => tiers.restoring,
      ...{ streams, restored, places, queue, reach },
      readOnly: new ReadOnlyStreams(streams, tiers),
      disk: () => disk.state(),
    }),
};
