import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPepper } from '#access';
import { openSigningKey } from '#archive-format';
import type { Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import { openSecretFile } from '#ledger';

const COLLECTION = 'secrets';

/** Files of a data directory that must be the same in all processes, and who makes them. */
const FILES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  pepper: openPepper,
  'receipts.secret': openSecretFile,
  'redaction.secret': openSecretFile,
  'archive-signing.pem': openSigningKey,
};

interface KeptSecret {
  /** Base64. */
  readonly bytes: string;
}

/**
 * Gives this process the secrets of the others: the first one's are kept in the catalogue, all others have copies in their
 * data directories.
 *
 * @throws AlluviumError `secret_differs` where the data directory has one of its own
 */
export async function shareSecrets(catalogue: Catalogue, directory: string): Promise<void> {
  for (const [name, make] of Object.entries(FILES)) await share(catalogue, { name, make, directory });
}

interface SharedFile {
  readonly name: string;
  readonly make: (path: string) => Promise<unknown>;
  readonly directory: string;
}

async function share(catalogue: Catalogue, { name, make, directory }: SharedFile): Promise<void> {
  const path = join(directory, name);
  const kept = await keptSecret(catalogue, name);
  const own = await readIfThere(path);
  if (kept && own && !own.equals(kept)) throw differs(path);
  if (kept) return own ? undefined : writeWhole(path, kept);
  if (!own) await make(path);
  const bytes = (await readFile(path)).toString('base64');
  const value: KeptSecret = { bytes };
  await catalogue.write([{ collection: COLLECTION, id: name, value, ifVersion: 0 }]);
  const first = await keptSecret(catalogue, name);
  if (!first || first.toString('base64') === bytes) return;
  // Nothing was signed yet with one that was made just now.
  if (own) throw differs(path);
  await writeWhole(path, first);
}

async function keptSecret(catalogue: Catalogue, name: string): Promise<Buffer | undefined> {
  const kept = await catalogue.read<KeptSecret>(COLLECTION, name);
  return kept && Buffer.from(kept.value.bytes, 'base64');
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  await writeFile(`${path}.new`, bytes, { mode: 0o600, flush: true });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function differs(path: string): AlluviumError {
  return new AlluviumError(
    `The secret ${path} is not the one of the other processes: begin with an empty data directory, or start first the process whose secrets are in use.`,
    { code: 'secret_differs', retryable: false },
  );
}
