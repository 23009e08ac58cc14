import { cp, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError } from '#migration';

/** Keys of keys, receipts, redactions and archives. */
const KEYS = ['pepper', 'receipts.secret', 'redaction.secret', 'archive-signing.pem'];
/** Of a data directory: those, and what admins, plugins and their storage tiers have put there. */
const CARRIED = [
  ...[...KEYS, 'admin.key'],
  ...['enrichment', 'secrets', 'plugins', 'plugin-versions', 'outside-tiers'],
];
/** Without it no key would be known. */
const NEEDED = 'pepper';

/**
 * Copies the files of a data directory that another edition needs into its own; what is there already stays.
 *
 * @returns names of those that were copied, or are there
 * @throws MigrationError `migration_refused` where the directory has none of an appliance, or the other one has secrets of its
 *   own
 */
export async function carryFiles(from: string, to: string): Promise<readonly string[]> {
  if (!(await isThere(join(from, NEEDED))))
    throw new MigrationError(
      'migration_refused',
      `${from} has no file "${NEEDED}": it is no data directory.`,
    );
  const carried: string[] = [];
  for (const name of CARRIED) {
    if (!(await isThere(join(from, name)))) continue;
    if (KEYS.includes(name)) await refuseAnother(join(from, name), join(to, name));
    await cp(join(from, name), join(to, name), {
      ...{ recursive: true, force: false, preserveTimestamps: true },
    });
    carried.push(name);
  }
  return carried;
}

/** With another secret, keys, receipts or signatures of before would be refused. */
async function refuseAnother(path: string, other: string): Promise<void> {
  if (!(await isThere(other)) || (await readFile(path)).equals(await readFile(other))) return;
  throw new MigrationError(
    'migration_refused',
    `${other} is another appliance's: name an empty data directory (ALLUVIUM_DATA_DIR) for the new one.`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
