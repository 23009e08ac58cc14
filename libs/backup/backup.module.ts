import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Settings } from '#app-config';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { BackupRecord } from './backup-record.js';
import { Backups } from './backups.js';
import { BackupError } from './backup.errors.js';
import { backupPlace } from './store/backup-place.js';
import { openBackups } from './store/open-backups.js';

/** Gives {@link Backups} and {@link BackupRecord} to every module; needs the catalogue of a global module. */
@Module({})
export class BackupModule implements OnApplicationShutdown {
  constructor(private readonly backups: Backups) {}

  static register({ boot }: Settings): DynamicModule {
    const backups = { provide: Backups, useFactory: () => backupsOf(boot) };
    const record = {
      provide: BackupRecord,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new BackupRecord(catalogue),
    };
    return {
      module: BackupModule,
      global: true,
      providers: [backups, record],
      exports: [Backups, BackupRecord],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.backups.stop();
  }
}

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
