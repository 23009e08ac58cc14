import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { RunTimeSettings, type Settings } from '#app-config';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { LOGGER, METRICS } from '#observability';
import { BackupOrders } from './backup-orders.js';
import { BackupRecord } from './backup-record.js';
import { BackupWatch } from './backup-watch.js';
import { Backups } from './backups.js';
import { BackupError } from './backup.errors.js';
import { enginesElsewhere } from './edition.js';
import { backupPlace } from './store/backup-place.js';
import { openBackups } from './store/open-backups.js';

/**
 * Gives {@link Backups}, their {@link BackupRecord}, {@link BackupOrders} and {@link BackupWatch} to every module; needs the
 * catalogue, the job queue, the settings, the metrics and the log of global modules.
 */
@Module({})
export class BackupModule implements OnApplicationShutdown {
  constructor(private readonly backups: Backups) {}

  static register({ boot }: Settings): DynamicModule {
    const backups = { provide: Backups, useFactory: () => backupsOf(boot) };
    const providers = [backups, RECORD, ordersFor(boot), WATCH];
    return { module: BackupModule, global: true, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.backups.stop();
  }
}

const RECORD: Provider = {
  provide: BackupRecord,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new BackupRecord(catalogue),
};

const ordersFor = (boot: Settings['boot']): Provider => ({
  provide: BackupOrders,
  inject: [Backups, JOB_QUEUE],
  useFactory: (backups: Backups, queue: InspectableJobQueue) =>
    new BackupOrders({ backups, queue, elsewhere: enginesElsewhere(boot) }),
});

const WATCH: Provider = {
  provide: BackupWatch,
  inject: [Backups, BackupOrders, BackupRecord, CATALOGUE, RunTimeSettings, METRICS, LOGGER],
  useFactory: (
    backups: Backups,
    orders: BackupOrders,
    ...[record, catalogue, settings, metrics, logger]: [
      BackupRecord,
      Catalogue,
      RunTimeSettings,
      Registry,
      Logger,
    ]
  ) =>
    new BackupWatch({
      ...{ orders, record, catalogue, metrics, logger, isSet: backups.target !== undefined },
      daily: () => {
        const { backupDailyAt: at, retentionTimeZone: zone } = settings.current;
        return at === 'off' ? undefined : { at, zone };
      },
    }),
};

function backupsOf(boot: Settings['boot']): Backups {
  const { backupDir, backupKey: key } = boot;
  const place = backupDir === undefined ? undefined : backupPlace(boot, backupDir);
  return new Backups({
    target: place && 'directory' in place ? place.directory : backupDir,
    open: async () => {
      if (place) return openBackups(place, { key: key?.reveal() });
      throw new BackupError('backup_not_found', 'No place of backups is set: set ALLUVIUM_BACKUP_DIR.');
    },
  });
}
