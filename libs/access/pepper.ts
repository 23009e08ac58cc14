import { randomBytes } from 'node:crypto';
import type { Catalogue } from '#catalogue';
import { AccessError } from './access.errors.js';
import { KeyHasher } from './key-hasher.js';
import { secretFileOnce, unreadable } from './secret-file.js';

const PEPPER = /^[A-Za-z0-9_-]{43}$/;
const PLACE = { collection: 'access', id: 'pepper' } as const;

/** The pepper in a file, which is made where there is none. @throws AccessError `secret_file_unreadable` */
export async function openPepper(path: string): Promise<string> {
  const pepper = await secretFileOnce(path, () => randomBytes(32).toString('base64url'));
  if (!PEPPER.test(pepper)) throw unreadable(path, 'it does not hold 32 bytes in base64url');
  return pepper;
}

/**
 * Opens the hasher of this installation; the first start makes the pepper.
 *
 * @throws AccessError `pepper_mismatch` where the catalogue's keys were made with another pepper: every key would be
 *   refused, and nobody would know why.
 */
export async function openKeyHasher(path: string, catalogue: Catalogue): Promise<KeyHasher> {
  const pepper = await openPepper(path);
  const hasher = new KeyHasher(Buffer.from(pepper, 'base64url'));
  const check = hasher.hash('alluvium pepper check');
  await catalogue.write([{ ...PLACE, value: { check }, ifVersion: 0 }]);
  const kept = await catalogue.read<{ readonly check: string }>(PLACE.collection, PLACE.id);
  if (kept?.value.check === check) return hasher;
  throw new AccessError(
    'pepper_mismatch',
    `The catalogue's keys were made with another pepper than ${path}. Restore this file from the backup that the catalogue is from.`,
  );
}
