import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileCode } from './disk-faults.js';

export interface ListedRange {
  readonly prefix: string;
  readonly after: string;
}

/** Keys below a folder (empty, or ending with a slash) in the order of their bytes; only folders that may have some are read. */
export async function* walk(root: string, folder: string, range: ListedRange): AsyncGenerator<string> {
  for (const name of await namesIn(root, folder)) {
    if (name.endsWith('/')) {
      if (mayHave(name, range)) yield* walk(root, name, range);
    } else if (name.startsWith(range.prefix) && name > range.after) yield name;
  }
}

function mayHave(folder: string, { prefix, after }: ListedRange): boolean {
  const within = folder.startsWith(prefix) || prefix.startsWith(folder);
  return within && (folder > after || after.startsWith(folder));
}

/** A folder's name ends with the slash that its keys have there, so that it sorts as they do. */
async function namesIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    // Emptied and removed since.
    if (fileCode(error) === 'ENOENT') return [] as Dirent[];
    throw error;
  });
  return entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .toSorted((a, b) => (a < b ? -1 : 1));
}
