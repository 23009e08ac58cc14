import { resolve, sep } from 'node:path';
import type { BootSettings } from './definitions/boot-settings.js';
import type { SettingsProblem } from './problems.js';

/** What is wrong between the settings of backups. */
export function checkBackups({ backupDir, dataDir }: BootSettings): readonly SettingsProblem[] {
  if (
    backupDir === undefined ||
    backupDir.startsWith('s3:') ||
    !isOneInOther(resolve(backupDir), resolve(dataDir))
  )
    return [];
  const mend = 'Set ALLUVIUM_BACKUP_DIR to a directory elsewhere, best on another disk.';
  return [
    {
      ...{ setting: 'ALLUVIUM_BACKUP_DIR', where: 'together', mend },
      ...{ given: 'one of it and ALLUVIUM_DATA_DIR in the other', expected: 'two places' },
    },
  ];
}

function isOneInOther(a: string, b: string): boolean {
  return `${a}${sep}`.startsWith(`${b}${sep}`) || `${b}${sep}`.startsWith(`${a}${sep}`);
}
