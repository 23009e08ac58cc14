import { randomUUID } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PluginProblem } from '#plugin-kit';
import { failed, ok, type Outcome } from '../outcome.js';

/** Lies in the plugins' folder. */
export const TRUST_FILE = 'plugins.allow.json';

/** Most versions of a plugin that are trusted at a time, so that one can be rolled back to. */
export const TRUSTED_VERSIONS = 5;

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const listSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, 'must be the name of a plugin'),
  z.union([hash, z.array(hash).min(1).max(TRUSTED_VERSIONS)]),
);

/** The plugins that may run: the SHA-256 of each version of each, the newest first, by the plugin's name. */
export type TrustList = ReadonlyMap<string, readonly string[]>;

/** Reads the list of a plugins' folder; it is empty where there is none yet. */
export async function readTrustList(root: string): Promise<Outcome<TrustList>> {
  const path = join(root, TRUST_FILE);
  try {
    const text = await readFile(path, 'utf8').catch(absent);
    if (text === undefined) return ok(new Map());
    const read = listSchema.safeParse(JSON.parse(text));
    if (read.success)
      return ok(new Map(Object.entries(read.data).map(([name, hashes]) => [name, [hashes].flat()])));
    const issue = read.error.issues[0];
    return failed([broken(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())]);
  } catch (error) {
    return failed([broken(error instanceof Error ? error.message : String(error))]);
  }
}

/**
 * Changes one entry of the list, at once or not at all. Versions that were trusted before stay behind the new one.
 *
 * @param sha256 undefined takes the plugin off the list
 * @param keep how many versions may be trusted then, the new one included
 */
export async function writeTrust(
  root: string,
  name: string,
  ...[sha256, keep = TRUSTED_VERSIONS]: [sha256: string | undefined, keep?: number]
): Promise<Outcome<undefined>> {
  const list = await readTrustList(root);
  if (list.problems) return list;
  const entries = new Map(list.value);
  const before = entries.get(name) ?? [];
  if (sha256 === undefined) entries.delete(name);
  else entries.set(name, [sha256, ...before.filter((hash) => hash !== sha256)].slice(0, keep));
  const sorted = [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([plugin, hashes]) => [plugin, hashes.length === 1 ? hashes[0] : hashes]);
  const path = join(root, TRUST_FILE);
  const written = `${path}.${randomUUID()}`;
  await writeFile(written, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`, { mode: 0o644 });
  await rename(written, path);
  return ok(undefined);
}

/**
 * What lets others than the server's own user and root decide what runs: a plugins' folder, or a list in it, that is
 * theirs or that they may write to.
 */
export async function ownershipProblems(root: string): Promise<readonly PluginProblem[]> {
  const user = process.getuid?.();
  if (user === undefined) return [];
  const problems: PluginProblem[] = [];
  for (const path of [root, join(root, TRUST_FILE)]) {
    const found = await stat(path).catch(absent);
    if (!found) continue;
    if (found.uid !== user && found.uid !== 0)
      problems.push({
        what: `${path} belongs to the user ${found.uid}, the server runs as ${user}`,
        mend: `give it to that user, or to root: chown ${user} ${path}`,
      });
    if ((found.mode & 0o022) !== 0)
      problems.push({
        what: `${path} can be written by others than its owner`,
        mend: `whoever writes it decides what runs here, so: chmod go-w ${path}`,
      });
  }
  return problems;
}

function broken(why: string): PluginProblem {
  return {
    what: `${TRUST_FILE} can't be read: ${why}`,
    mend: 'write it as {"<plugin>": "<sha256>"}, or with a list of them; alluvium plugin trust FOLDER does that',
  };
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
