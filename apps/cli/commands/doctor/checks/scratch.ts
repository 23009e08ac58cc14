import { deriveBudgets, resolveMemoryLimit, resolveScratchDir } from '#app-config';
import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';
import { roundBytes } from '../round-bytes.js';
import { nearestDirectory } from './data-directory.js';

/** Whether blocks find room at the moment of their insert. */
export function checkScratch({ machine, settings: { boot } }: DoctorContext): readonly Finding[] {
  const path = resolveScratchDir(boot, (directory) => freeBytes(directory, machine));
  const probe = { readText: machine.readText, totalBytes: machine.totalMemoryBytes };
  const { scratchBytes } = deriveBudgets(resolveMemoryLimit(boot.memoryLimit, probe));
  const nearest = nearestDirectory(path);
  const free = freeBytes(nearest, machine) ?? 0;
  const code = machine.writeRefused(nearest);
  if (code !== undefined)
    return [
      problem('scratch', {
        what: `It can not be written by user ${machine.uid} (${code}).`,
        where: path,
        mend: 'Correct ALLUVIUM_SCRATCH_DIR, or leave it out.',
      }),
    ];
  if (free < scratchBytes)
    return [
      problem('scratch', {
        what: `${roundBytes(free)} are free there, and up to ${roundBytes(scratchBytes)} are needed: inserts would fail.`,
        where: path,
        mend: 'Free space there, or set ALLUVIUM_SCRATCH_DIR to a directory with more.',
      }),
    ];
  if (boot.scratchDir !== undefined || machine.platform !== 'linux' || !path.startsWith(boot.dataDir))
    return [
      fine('scratch', `${roundBytes(free)} are free, ${roundBytes(scratchBytes)} are needed at most.`, path),
    ];
  return [
    warning('scratch', {
      what: '/dev/shm has less than 256 MiB free, so blocks take the way over the disk: ingest is slower.',
      where: path,
      mend: 'Give the container more of it: docker run --shm-size=512m, or shm_size: 512m in a compose file.',
    }),
  ];
}

function freeBytes(directory: string, { fileSystem }: DoctorContext['machine']): number | undefined {
  try {
    return fileSystem(directory).freeBytes;
  } catch {
    return undefined;
  }
}
