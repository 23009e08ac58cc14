import { join } from 'node:path';
import { changedFields, type AuditRecord } from '#audit';
import { DEFAULT_STREAM, DEFAULT_TENANT, formatTimestamp, nowNs } from '#event-model';
import { AccessError } from './access.errors.js';
import { KEY_RULE, keyIdOf, makeKey } from './key-format.js';
import type { KeyHasher } from './key-hasher.js';
import type { KeyStore } from './key-store.js';
import { ALL_SCOPES } from './scopes.js';
import { readSecret, secretFileOnce, unreadable } from './secret-file.js';

/** Where the admin key can be found; it is never printed itself. */
export interface AdminKeyPlace {
  /** `setting`: who set it has it. `file`: in the file. `elsewhere`: the file was taken away after the first start. */
  readonly kind: 'setting' | 'file' | 'elsewhere';
  readonly path: string;
}

export interface AdminKeyOptions {
  /** Where `admin.key` lies. */
  readonly directory: string;
  /** The setting; taken instead of making a key. */
  readonly adminKey?: string;
  /** Whether another process sees to it. */
  readonly isElsewhere?: boolean;
}

/**
 * Sees to it that there is a key to begin with: the one in the settings, or on the first start (no keys yet) a new one
 * in `admin.key`. The file is written before the key is kept, so that a crash between the two leaves no lost secret.
 *
 * @throws AccessError `key_invalid`, `admin_key_conflict`, `secret_file_unreadable`.
 */
export async function ensureAdminKey(
  keys: KeyStore,
  hasher: KeyHasher,
  options: AdminKeyOptions & { readonly audit: AuditRecord },
): Promise<AdminKeyPlace> {
  const { audit } = options;
  const path = join(options.directory, 'admin.key');
  if (options.isElsewhere) return { kind: 'elsewhere', path };
  if (options.adminKey !== undefined) {
    await register({ keys, hasher, audit }, options.adminKey);
    return { kind: 'setting', path };
  }
  if (await keys.isEmpty()) {
    const key = await secretFileOnce(path, makeKey);
    if (keyIdOf(key) === undefined) throw unreadable(path, 'it does not hold one whole key');
    await register({ keys, hasher, audit }, key);
  }
  return { kind: (await readSecret(path)) === undefined ? 'elsewhere' : 'file', path };
}

/** Keeps the key unless it is kept already; one that was revoked stays so. */
async function register({ keys, hasher, audit }: Registration, key: string): Promise<void> {
  const id = keyIdOf(key);
  if (id === undefined) throw new AccessError('key_invalid', `The admin key must look like ${KEY_RULE}.`);
  if (!(await keys.read(id))) await create({ keys, hasher, audit }, { id, key });
  if (hasher.matches(key, (await keys.read(id))?.hash)) return;
  throw new AccessError(
    'admin_key_conflict',
    `The admin key of the settings has the id ${id} of another key. Set the key that was first used, or one with another id.`,
  );
}

interface Registration {
  readonly keys: KeyStore;
  readonly hasher: KeyHasher;
  readonly audit: AuditRecord;
}

async function create(
  { keys, hasher, audit }: Registration,
  { id, key }: { readonly id: string; readonly key: string },
): Promise<void> {
  const record = {
    ...{ id, name: 'admin', tenant: DEFAULT_TENANT, scopes: ALL_SCOPES },
    ...{ default_stream: DEFAULT_STREAM, source: 'admin', created_at: formatTimestamp(nowNs()) },
  };
  const begun = await audit.begin({
    ...{ actor: { kind: 'appliance' }, tenant: DEFAULT_TENANT, action: 'key.create', object: id },
    changes: changedFields(undefined, record),
  });
  const isNew = await keys.create({ ...record, hash: hasher.hash(key) });
  await (isNew ? begun.end({ outcome: 'done' }) : begun.forget());
}
