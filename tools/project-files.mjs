import { readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage']);

/** Files below a folder of the project whose names end in one of `endings`, as sorted paths from the root. */
export function filesBelow(folder, endings) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path, endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [path.split(sep).join('/')] : [];
    })
    .sort();
}
