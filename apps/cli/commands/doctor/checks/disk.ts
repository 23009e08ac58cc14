import { resolve } from 'node:path';
import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';
import { roundBytes } from '../round-bytes.js';
import { nearestDirectory } from './data-directory.js';

/** Whether the disk has more than its reserve, below which events are refused. */
export function checkDisk({ machine, settings }: DoctorContext): readonly Finding[] {
  const path = resolve(settings.boot.dataDir);
  const { freeBytes, totalBytes } = machine.fileSystem(nearestDirectory(path));
  const { diskReserveBytes, diskReservePercent } = settings.runTime;
  const reserveBytes = Math.max(diskReserveBytes, Math.floor((totalBytes * diskReservePercent) / 100));
  const free = `${roundBytes(freeBytes)} of ${roundBytes(totalBytes)} are free`;
  const reserve = `${roundBytes(reserveBytes)} are the reserve`;
  const mend = `Free or add space, take another disk (ALLUVIUM_DATA_DIR), or lower ALLUVIUM_DISK_RESERVE_BYTES and ALLUVIUM_DISK_RESERVE_PERCENT.`;
  if (freeBytes <= reserveBytes)
    return [
      problem('disk', {
        what: `${free}, and ${reserve}: every event would be refused with 503.`,
        where: path,
        mend,
      }),
    ];
  if (freeBytes < 2 * reserveBytes)
    return [
      warning('disk', { what: `${free}, and ${reserve}: it will soon be reached.`, where: path, mend }),
    ];
  return [fine('disk', `${free}; ${reserve}.`, path)];
}
