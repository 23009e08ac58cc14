import { createHash } from 'node:crypto';
import { statfsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BootSettings } from '../definitions/boot-settings.js';

/** Asks for the free bytes of a directory; undefined where the path isn't a directory. */
export type FreeSpaceProbe = (directory: string) => number | undefined;

const MEMORY_FILE_SYSTEM = '/dev/shm';
const LEAST_FREE_BYTES = 256 * 2 ** 20;

/**
 * Where blocks lie for the moment of their insert: the setting, else a directory of this data directory's own on the
 * memory file system if that has room, else one on disk. Its user makes it and may empty it.
 */
export function resolveScratchDir(
  { scratchDir, dataDir }: Pick<BootSettings, 'scratchDir' | 'dataDir'>,
  freeBytes: FreeSpaceProbe = freeBytesOf,
): string {
  if (scratchDir !== undefined) return scratchDir;
  if ((freeBytes(MEMORY_FILE_SYSTEM) ?? 0) < LEAST_FREE_BYTES) return join(dataDir, 'scratch');
  const owner = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
  return join(MEMORY_FILE_SYSTEM, `alluvium-${owner}`);
}

function freeBytesOf(directory: string): number | undefined {
  try {
    if (!statSync(directory).isDirectory()) return undefined;
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
