import { stat, statfs } from 'node:fs/promises';

/** Sizes of a file system; bytes. */
export interface DiskSpace {
  /** The same for all directories on one file system. */
  readonly device: number;
  /** That an ordinary user may still write. */
  readonly freeBytes: number;
  readonly usedBytes: number;
  /** Also what is kept for the superuser. */
  readonly totalBytes: number;
}

/** Space of the file system that holds a directory, as an ordinary user may use it. */
export async function readDiskSpace(directory: string): Promise<DiskSpace> {
  const [{ bavail, bfree, blocks, bsize }, { dev }] = await Promise.all([statfs(directory), stat(directory)]);
  return {
    device: dev,
    freeBytes: bavail * bsize,
    usedBytes: (blocks - bfree) * bsize,
    totalBytes: blocks * bsize,
  };
}
