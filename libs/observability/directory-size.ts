import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a directory takes of its disk. */
export interface DirectorySize {
  readonly bytes: number;
  readonly files: number;
}

const BLOCK_BYTES = 512;

/**
 * Bytes that the files below a path take on disk, holes not counted. One file after the other, so that it takes one
 * thread of the pool. What goes away meanwhile, or isn't there, counts nothing.
 */
export async function directorySize(path: string): Promise<DirectorySize> {
  let [bytes, files] = [0, 0];
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      const below = await directorySize(inner);
      [bytes, files] = [bytes + below.bytes, files + below.files];
      continue;
    }
    const stats = await lstat(inner).catch(() => undefined);
    if (stats) [bytes, files] = [bytes + stats.blocks * BLOCK_BYTES, files + 1];
  }
  return { bytes, files };
}
