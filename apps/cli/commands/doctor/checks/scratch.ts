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
  const [free, code] = [freeBytes(nearest, machine) ?? 0, machine.writeRefused(nearest)];
  if (code !== undefined) return [notWritable(path, code, machine)];
  if (free < scratchBytes) return [tooSmall(path, free, scratchBytes)];
  const isOnDisk = boot.scratchDir === undefined && path.startsWith(boot.dataDir);
  if (isOnDisk && machine.platform === 'linux') return [onDisk(path)];
  return [
    fine('scratch', `${roundBytes(free)} are free, ${roundBytes(scratchBytes)} are needed at most.`, path),
  ];
}

function notWritable(where: string, code: string, { uid }: DoctorContext['machine']): Finding {
  return problem('scratch', {
    what: `It can not be written by user ${uid} (${code}).`,
    where,
    mend: 'Correct ALLUVIUM_SCRATCH_DIR, or leave it out.',
  });
}

function tooSmall(where: string, free: number, needed: number): Finding {
  return problem('scratch', {
    what: `${roundBytes(free)} are free there, and up to ${roundBytes(needed)} are needed: inserts would fail.`,
    where,
    mend: 'Free space there, or set ALLUVIUM_SCRATCH_DIR to a directory with more.',
  });
}

function onDisk(where: string): Finding {
  return warning('scratch', {
    what: '/dev/shm has less than 256 MiB free, so blocks take the way over the disk: ingest is slower.',
    where,
    mend: 'Give the container more of it: docker run --shm-size=512m, or shm_size: 512m in a compose file.',
  });
}

function freeBytes(directory: string, { fileSystem }: DoctorContext['machine']): number | undefined {
  try {
    return fileSystem(directory).freeBytes;
  } catch {
    return undefined;
  }
}
