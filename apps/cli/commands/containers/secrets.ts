import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** How each secret of the compose files is made; their names are those of its files. */
const SECRETS: Readonly<Record<string, () => string>> = {
  admin_key: () => `alv_${hex(4)}_${hex(24)}`,
  clickhouse_password: () => hex(24),
  grafana_password: () => hex(24),
  mongodb_admin_password: () => hex(24),
  mongodb_password: () => hex(24),
  mongodb_set_key: () => hex(48),
  redis_password: () => hex(24),
  s3_secret_key: () => hex(24),
};

/** Names of all secrets, sorted. */
export const SECRET_NAMES: readonly string[] = Object.keys(SECRETS).toSorted();

/** Those that are not in the folder. */
export async function missingSecrets(folder: string): Promise<readonly string[]> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException): readonly string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return SECRET_NAMES.filter((name) => !there.includes(name));
}

/**
 * Makes the secrets that are missing; those that are there stay as they are. The folder and its files are its owner's alone.
 *
 * @returns names of those that were made
 */
export async function makeSecrets(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const missing = await missingSecrets(folder);
  for (const name of missing)
    await writeFile(join(folder, name), `${SECRETS[name]?.()}\n`, { mode: 0o600, flag: 'wx' });
  return missing;
}

/** Removes the secrets, and the folder where nothing else is in it. @returns names of those that were there */
export async function removeSecrets(folder: string): Promise<readonly string[]> {
  const missing = await missingSecrets(folder);
  const there = SECRET_NAMES.filter((name) => !missing.includes(name));
  for (const name of there) await rm(join(folder, name));
  const left = await readdir(folder).catch(() => undefined);
  if (left?.length === 0) await rm(folder, { recursive: true });
  return there;
}
