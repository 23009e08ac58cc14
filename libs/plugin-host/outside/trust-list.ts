import { randomUUID } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PluginProblem } from '#plugin-kit';
import { failed, ok, type Outcome } from '../outcome.js';

/** Lies in the plugins' folder. */
export const TRUST_FILE = 'plugins.allow.json';

const listSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, 'must be the name of a plugin'),
  z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
);

/** The plugins that may run: the SHA-256 of each, by its name. */
export type TrustList = ReadonlyMap<string, string>;

/** Reads the list of a plugins' folder; it is empty where there is none yet. */
export async function readTrustList(root: string): Promise<Outcome<TrustList>> {
  const path = join(root, TRUST_FILE);
  try {
    const text = await readFile(path, 'utf8').catch(absent);
    if (text === undefined) return ok(new Map());
    const read = listSchema.safeParse(JSON.parse(text));
    if (read.success) return ok(new Map(Object.entries(read.data)));
    const issue = read.error.issues[0];
    return failed([broken(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())]);
  } catch (error) {
    return failed([broken(error instanceof Error ? error.message : String(error))]);
  }
}

/** Changes one entry of the list, at once or not at all. @param sha256 undefined takes the plugin off the list */
export async function writeTrust(
  root: string,
  name: string,
  sha256: string | undefined,
): Promise<Outcome<undefined>> {
  const list = await readTrustList(root);
  if (list.problems) return list;
  const entries = new Map(list.value);
  if (sha256 === undefined) entries.delete(name);
  else entries.set(name, sha256);
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
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
    mend: 'write it as {"<plugin>": "<sha256>"}; alluvium plugin trust FOLDER does that',
  };
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
