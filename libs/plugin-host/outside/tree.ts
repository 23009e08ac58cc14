import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { PluginProblem } from '#plugin-kit';
import { failed, ok, type Outcome } from '../outcome.js';
import { isGone, unreadable } from '../unreadable.js';

/** Most files that a plugin may have with its dependencies, and most bytes. */
export const TREE_LIMITS = { files: 20_000, bytes: 256 * 2 ** 20 } as const;

/** A file or a link below a plugin's folder. */
interface TreeEntry {
  /** From the folder on, with `/` between its parts. */
  readonly path: string;
  readonly target?: string;
}

/** What no plugin is made of: the history of its source, and the kit, which the server brings. */
const LEFT_OUT = new Set(['.git', 'node_modules/@alluvium']);

/**
 * The SHA-256 of a plugin, hex: over the path and the bytes of each of its files, lockfile and `node_modules` included,
 * in order of their paths. {@link LEFT_OUT} aside, a change of any file changes it.
 */
export async function hashTree(root: string): Promise<Outcome<string>> {
  const tree = await listTree(root);
  return tree.problems ? tree : hashFiles(root, tree.value).catch(cantBeRead);
}

async function hashFiles(root: string, tree: readonly TreeEntry[]): Promise<Outcome<string>> {
  const hash = createHash('sha256').update('alluvium-plugin-1\n');
  let bytes = 0;
  for (const { path, target } of tree) {
    const file = target === undefined ? await hashFile(join(root, path)) : undefined;
    bytes += file?.bytes ?? 0;
    if (bytes > TREE_LIMITS.bytes) return failed([TOO_LARGE]);
    hash.update(JSON.stringify(file ? ['file', path, file.sha256] : ['link', path, target])).update('\n');
  }
  return ok(hash.digest('hex'));
}

/** Copies a plugin's files into a new folder; the copy has the same {@link hashTree}. */
export async function copyTree(root: string, target: string): Promise<Outcome<undefined>> {
  const tree = await listTree(root);
  if (tree.problems) return tree;
  await mkdir(target, { recursive: true, mode: 0o700 });
  return copyFiles(root, target, tree.value);
}

async function copyFiles(
  root: string,
  target: string,
  tree: readonly TreeEntry[],
): Promise<Outcome<undefined>> {
  const made = new Set<string>();
  for (const { path, target: link } of tree) {
    const to = join(target, path);
    if (!made.has(dirname(to))) await mkdir(dirname(to), { recursive: true });
    made.add(dirname(to));
    try {
      if (link === undefined) await copyFile(join(root, path), to, constants.COPYFILE_FICLONE);
      else await symlink(link, to);
    } catch (error) {
      // A disk that is full is no plugin's fault.
      if (!isGone(error)) throw error;
      return cantBeRead(error);
    }
  }
  return ok(undefined);
}

async function listTree(root: string): Promise<Outcome<readonly TreeEntry[]>> {
  const found: TreeEntry[] = [];
  try {
    const problem = await walk(root, '', found);
    if (problem) return failed([problem]);
    return ok(found.sort((a, b) => (a.path < b.path ? -1 : 1)));
  } catch (error) {
    return cantBeRead(error);
  }
}

async function walk(root: string, below: string, found: TreeEntry[]): Promise<PluginProblem | undefined> {
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = posix.join(below, entry.name);
    if (LEFT_OUT.has(path)) continue;
    if (found.length >= TREE_LIMITS.files) return TOO_MANY;
    let problem: PluginProblem | undefined;
    if (entry.isDirectory()) problem = await walk(root, path, found);
    else if (entry.isFile()) found.push({ path });
    else if (entry.isSymbolicLink()) problem = addLink(path, await readlink(join(root, path)), found);
    else problem = { what: `${path} is neither a file nor a folder`, mend: 'remove it' };
    if (problem) return problem;
  }
  return undefined;
}

/** Links, as npm makes them in `node_modules/.bin`, may only lead to what is part of the plugin. */
function addLink(path: string, target: string, found: TreeEntry[]): PluginProblem | undefined {
  const end = posix.join(posix.dirname(path), target);
  if (posix.isAbsolute(target) || end === '..' || end.startsWith('../'))
    return {
      what: `the link ${path} leads out of the folder, to ${target}`,
      mend: 'put what it leads to into the folder: a dependency is installed with npm install, not linked',
    };
  found.push({ path, target });
  return undefined;
}

async function hashFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The limit is judged after each file, so one file alone must not go on for ever.
    if (bytes > TREE_LIMITS.bytes) break;
    hash.update(chunk);
  }
  return { sha256: hash.digest('hex'), bytes };
}

const TOO_LARGE: PluginProblem = {
  what: `its files have more than ${TREE_LIMITS.bytes / 2 ** 20} MiB`,
  mend: 'remove what it does not need to run: npm install --omit=dev leaves out what is for its tests',
};

const TOO_MANY: PluginProblem = { ...TOO_LARGE, what: `it has more than ${TREE_LIMITS.files} files` };

function cantBeRead(error: unknown): Outcome<never> {
  return failed([unreadable('its files', error)]);
}
