import { Injectable, Inject, type OnApplicationBootstrap, type Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { readVersion } from '#app-config/version';
import { BACKUP_JOB, BackupRecord, Backups, enginesElsewhere, notHeld } from '#backup';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { FaultPoints, LOGGER } from '#observability';
import { TierRegistry } from '#storage-tier';
import { WriterPool } from '../writers/writer-pool.js';
import { ApplianceCopier } from './appliance-copy.js';
import { BackupJob } from './backup-job.js';

const copier: Provider = {
  provide: ApplianceCopier,
  inject: [EVENT_BUS, CATALOGUE, TierRegistry, WriterPool, SETTINGS],
  useFactory: (
    bus: InspectableEventBus,
    catalogue: Catalogue,
    ...[tiers, writers, { boot }]: [TierRegistry, WriterPool, Settings]
  ) => new ApplianceCopier({ ...{ bus, catalogue, tiers, writers }, ...placesOf(boot) }),
};

const job: Provider = {
  provide: BackupJob,
  inject: [Backups, ApplianceCopier, BackupRecord, RunTimeSettings, SETTINGS, LOGGER, FaultPoints],
  useFactory: (
    backups: Backups,
    copies: ApplianceCopier,
    ...[record, settings, { boot }, logger, { reach }]: [
      BackupRecord,
      RunTimeSettings,
      Settings,
      Logger,
      FaultPoints,
    ]
  ) =>
    new BackupJob({
      ...{ backups, copier: copies, logger, reach },
      keep: () => settings.current.backupKeep,
      notHeld: notHeld(boot),
      version: readVersion(),
      made: (head) => record.made(head),
    }),
};

/** Takes the orders for backups; those of an edition that can't be saved were refused before. */
@Injectable()
class BackupWorker implements OnApplicationBootstrap {
  constructor(
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
    @Inject(BackupJob) private readonly backup: BackupJob,
    @Inject(ApplianceCopier) private readonly copies: ApplianceCopier,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (enginesElsewhere(this.settings.boot).length === 0) await this.copies.tidy();
    this.queue.process(BACKUP_JOB, (order) => this.backup.run(order));
  }
}

/** What backs the appliance up. */
export const BACKUP_PROVIDERS: Provider[] = [copier, job, BackupWorker];

function placesOf({ dataDir, archiveDir, scratchDir, s3Bucket }: Settings['boot']): {
  readonly dataDir: string;
  readonly archiveDir: string | undefined;
  readonly scratchDir: string | undefined;
} {
  const archives = s3Bucket === undefined ? (archiveDir ?? `${dataDir}/archives`) : undefined;
  return { dataDir, archiveDir: archives, scratchDir };
}
