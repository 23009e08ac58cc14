import { basename, dirname, join, resolve } from 'node:path';
import { readdir } from 'node:fs/promises';
import { ok, type Outcome } from '../../outcome.js';
import { findPlugin } from '../found-plugin.js';
import { TRUST_FILE, TRUSTED_VERSIONS, writeTrust } from '../trust-list.js';

export interface Trusted {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** The list, in the folder that the plugin's folder lies in. */
  readonly list: string;
}

/**
 * Puts a plugin as it lies in its folder on the list of those that may run; a server that watches the list loads it.
 * Versions that were trusted before may still run, so that they can be rolled back to.
 *
 * @param keep how many versions may be trusted then, this one included
 * @throws where the folder can't be read or the list not be written
 */
export async function trustPlugin(path: string, keep: number = TRUSTED_VERSIONS): Promise<Outcome<Trusted>> {
  const folder = resolve(path);
  const name = basename(folder);
  const found = await findPlugin({ name, path: folder, files: await readdir(folder) }, new Set());
  const { manifest, sha256, problems } = found;
  if (problems.length > 0 || !manifest || sha256 === undefined) return { problems };
  const written = await writeTrust(dirname(folder), name, sha256, keep);
  if (written.problems) return written;
  return ok({ name, version: manifest.version, sha256, list: join(dirname(folder), TRUST_FILE) });
}

/** Takes a plugin off the list, whether its folder is still there or not; a server that watches the list ends it. */
export async function withdrawTrust(
  path: string,
): Promise<Outcome<{ readonly name: string; readonly list: string }>> {
  const folder = resolve(path);
  const name = basename(folder);
  const written = await writeTrust(dirname(folder), name, undefined);
  return written.problems ? written : ok({ name, list: join(dirname(folder), TRUST_FILE) });
}
