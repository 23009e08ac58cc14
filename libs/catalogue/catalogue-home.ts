import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AlluviumError } from '#event-model';

/** Where the embedded store keeps what it has. */
const EMBEDDED = 'data.mdb';
/** Says which catalogue of a server a data directory belongs to. */
const SERVED = 'mongodb.json';

/**
 * A data directory belongs to the catalogue that it was begun with: with another one, its keys, streams and what was being
 * stored would seem never to have been.
 */
export class CatalogueHomeError extends AlluviumError {
  constructor(message: string) {
    super(message, { code: 'catalogue_elsewhere', retryable: false });
  }
}

/** @throws CatalogueHomeError where the catalogue of this directory is on a server */
export function checkEmbeddedHome(directory: string): void {
  if (!existsSync(join(directory, SERVED))) return;
  throw new CatalogueHomeError(
    `The catalogue of this data directory is kept on MongoDB (${join(directory, SERVED)}): set MONGODB_URI, or begin with another data directory.`,
  );
}

/** @throws CatalogueHomeError where the catalogue is in this directory itself */
export function checkServedHome(directory: string): void {
  if (!existsSync(join(directory, EMBEDDED))) return;
  throw new CatalogueHomeError(
    `The catalogue of this data directory is in ${directory}, and not on MongoDB: move the appliance with \`alluvium migrate\` (docs/guide/migrate.md), unset MONGODB_URI, or begin with another data directory.`,
  );
}

/**
 * Ties the directory to this catalogue at the first start, and holds it to that later.
 *
 * @throws CatalogueHomeError where it belongs to another one
 */
export async function claimServedHome(directory: string, identity: string): Promise<void> {
  const path = join(directory, SERVED);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) return writeFile(path, `${JSON.stringify({ identity })}\n`);
  const kept = JSON.parse(await readFile(path, 'utf8')) as { readonly identity?: unknown };
  if (kept.identity === identity) return;
  throw new CatalogueHomeError(
    `The database of MONGODB_DATABASE holds another catalogue than the one that this data directory was begun with (${path}): correct MONGODB_URI and MONGODB_DATABASE, or begin with another data directory.`,
  );
}
