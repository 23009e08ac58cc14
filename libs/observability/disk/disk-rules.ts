import { join } from 'node:path';
import type { BootSettings, RunTimeValues } from '#app-config';
import type { DiskPlace } from './disk-guard.js';
import type { DiskRules } from './disk-level.js';

/** Where data lies: folders of the data directory may be mounts of their own, and archives may be elsewhere. */
export function dataPlaces({
  dataDir,
  archiveDir,
}: Pick<BootSettings, 'dataDir' | 'archiveDir'>): readonly [DiskPlace, ...DiskPlace[]] {
  const within = (name: string, folder: string): DiskPlace => ({ name, directory: join(dataDir, folder) });
  return [
    { name: 'data', directory: dataDir },
    ...[within('log', 'bus'), within('tier', 'tiers'), within('catalogue', 'catalogue')],
    // Where archives have no room, days stay in the search tier: no event has to be refused for it.
    ...(archiveDir === undefined ? [] : [{ name: 'archive', directory: archiveDir, watchedOnly: true }]),
  ];
}

/** When the disk guard warns and refuses, by the settings in force. */
export function diskRules(values: RunTimeValues): DiskRules {
  return {
    reserve: { bytes: values.diskReserveBytes, percent: values.diskReservePercent },
    thresholds: {
      warnAt: values.diskWarnAt,
      refuseLowAt: values.diskRefuseLowAt,
      refuseNormalAt: values.diskRefuseNormalAt,
      refuseAt: values.diskRefuseAt,
      resumeMargin: values.diskResumeMargin,
    },
  };
}
