import type { Provider, Type } from '@nestjs/common';
import { RestoredStreams } from '#archived-units';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { ReadOnlyStreams, RestoredUnloading, StreamRegistry, TierRegistry } from '#storage-tier';
import { ArchivesOfStreams } from '../search/archives-of-streams.js';
import { ArchiveFinder } from './archive-finder.js';
import { AttachController } from './attach.controller.js';
import { AttachedAgain } from './attached-again.js';
import { AttachService } from './attach.service.js';
import { CompactionController } from './compaction.controller.js';
import { CompactionService } from './compaction.service.js';
import { ReadableUnits } from './readable-units.js';
import { RestoreEstimates } from './restore-estimates.js';
import { RestoreController } from './restore.controller.js';
import { RestoreService } from './restore.service.js';
import { SmallFiles } from './small-files.js';
import { TrashController } from './trash.controller.js';
import { TrashService } from './trash.service.js';
import { TrashedDays } from './trashed-days.js';
import { TrustedSigners } from './trusted-signers.js';

const READ_ONLY_STREAMS: Provider = {
  provide: ReadOnlyStreams,
  inject: [StreamRegistry, TierRegistry],
  useFactory: (streams: StreamRegistry, tiers: TierRegistry) => new ReadOnlyStreams(streams, tiers),
};

const UNLOADING: Provider = {
  provide: RestoredUnloading,
  inject: [RestoredStreams, StreamRegistry, JOB_QUEUE],
  useFactory: (restored: RestoredStreams, streams: StreamRegistry, queue: InspectableJobQueue) =>
    new RestoredUnloading({ restored, streams, queue }),
};

/** What the routes of archives are made of. */
export const ARCHIVES_API_PROVIDERS: readonly Provider[] = [
  ArchiveFinder,
  ReadableUnits,
  ArchivesOfStreams,
  AttachService,
  AttachedAgain,
  CompactionService,
  READ_ONLY_STREAMS,
  RestoreEstimates,
  RestoreService,
  SmallFiles,
  UNLOADING,
  TrashedDays,
  TrashService,
  TrustedSigners,
];

export const ARCHIVES_CONTROLLERS: readonly Type[] = [
  AttachController,
  CompactionController,
  RestoreController,
  TrashController,
];
