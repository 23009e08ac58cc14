import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A tree of files that goes into a backup. */
export interface SavedTree {
  /** Where it is on this machine. */
  readonly root: string;
  /** Where it is in a data directory, with slashes; empty for the directory itself. */
  readonly at: string;
  /** Paths below the root that are left out, with what is below them. */
  readonly without?: readonly string[];
  /** `fail`: others count on each file, so that one which is gone ends the backup. */
  readonly whenGone: 'skip' | 'fail';
}

/** A folder of a tree, whose files are still to be read. */
export interface FoundFolder {
  readonly folder: string;
  /** On this machine. */
  readonly path: string;
  /** Names of its files, in the order of their bytes. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly whenGone: SavedTree['whenGone'];
}

/** Every folder of the trees, those without files too; symbolic links to files count as files, others are left out. */
export async function* foldersOf(trees: readonly SavedTree[]): AsyncGenerator<FoundFolder> {
  for (const tree of trees) yield* walk(tree, '');
}

async function* walk(tree: SavedTree, below: string): AsyncGenerator<FoundFolder> {
  const path = join(tree.root, below);
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!entries) return;
  const kept = entries.filter(({ name }) => !tree.without?.includes(join(below, name)));
  const named = kept.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  let bytes = 0;
  for (const { name } of named.filter((entry) => !entry.isDirectory())) {
    const found = await stat(join(path, name)).catch(() => undefined);
    if (!found?.isFile()) continue;
    files.push(name);
    bytes += found.size;
  }
  const folder = [tree.at, ...below.split('/')].filter((part) => part !== '').join('/');
  yield { folder, path, files, bytes, whenGone: tree.whenGone };
  for (const entry of named) if (entry.isDirectory()) yield* walk(tree, join(below, entry.name));
}
