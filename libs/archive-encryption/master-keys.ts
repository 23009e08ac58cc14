import { randomBytes } from 'node:crypto';
import { ArchiveEncryptionError } from './archive-encryption.errors.js';
import { deriveKey, idOfKey, NONCE_BYTES, openBytes, sealBytes } from './ciphers.js';

/** A tenant's key as it is kept: nobody without the master key can use it. */
export interface WrappedKey {
  /** Of the tenant's key, 16 hex digits. */
  readonly id: string;
  /** Id of the master key that it is wrapped with. */
  readonly key_id: string;
  /** Nonce, key and tag, base64. */
  readonly wrapped: string;
}

/** A tenant's key that can be used. */
export interface TenantKey extends WrappedKey {
  readonly key: Buffer;
}

interface MasterKey {
  readonly id: string;
  readonly wrapping: Buffer;
}

/** The keys of the setting: the first one wraps tenants' keys, and each opens what it wrapped. None may be set. */
export class MasterKeys {
  readonly #keys: ReadonlyMap<string, MasterKey>;
  /** Id of the key that wraps; undefined where none is set. */
  readonly current: string | undefined;

  /** @param secrets 64 hexadecimal digits each, with white space or commas between them */
  constructor(secrets = '') {
    const all = secrets
      .split(/[\s,]+/)
      .filter((text) => text !== '')
      .map((text) => masterKey(Buffer.from(text, 'hex')));
    this.#keys = new Map(all.map((key) => [key.id, key]));
    this.current = all[0]?.id;
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** @throws ArchiveEncryptionError `archive_key_missing`, which names the setting and the key */
  require(keyId: string, what: string): void {
    this.#find(keyId, what);
  }

  /** Makes a key of a tenant's. @throws ArchiveEncryptionError `archive_key_missing` where no key is set */
  makeTenantKey(tenant: string): TenantKey {
    const master = this.#find(this.current ?? '', `A key of the tenant "${tenant}"`);
    const key = randomBytes(32);
    const id = idOfKey(key, 'alluvium archive tenant key id');
    const nonce = randomBytes(NONCE_BYTES);
    const sealed = sealBytes(key, { key: master.wrapping, nonce, bound: boundTo(tenant, id) });
    return { id, key_id: master.id, wrapped: Buffer.concat([nonce, sealed]).toString('base64'), key };
  }

  /**
   * @param what it is wanted for, such as a file
   * @throws ArchiveEncryptionError `archive_key_missing`, `archive_sealed_tampered`
   */
  unwrap(tenant: string, { id, key_id: keyId, wrapped }: WrappedKey, what: string): Buffer {
    const { wrapping } = this.#find(keyId, what);
    const bytes = Buffer.from(wrapped, 'base64');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const key = openBytes(bytes.subarray(NONCE_BYTES), { key: wrapping, nonce, bound: boundTo(tenant, id) });
    if (key) return key;
    throw new ArchiveEncryptionError(
      'archive_sealed_tampered',
      `${what}: the key of the tenant "${tenant}" in it is not what was wrapped with the key ${keyId}.`,
    );
  }

  #find(keyId: string, what: string): MasterKey {
    const found = this.#keys.get(keyId);
    if (found) return found;
    const wanted = keyId === '' ? 'a key' : `the key ${keyId}`;
    const there = [...this.#keys.keys()];
    const instead =
      there.length === 0 ? 'none is set' : `there ${there.length === 1 ? 'is' : 'are'} ${there.join(', ')}`;
    throw new ArchiveEncryptionError(
      'archive_key_missing',
      `${what} needs ${wanted} of archives, and ${instead}: put it into the file that ALLUVIUM_ARCHIVE_KEYS_FILE names.`,
    );
  }
}

function masterKey(secret: Buffer): MasterKey {
  return {
    id: idOfKey(secret, 'alluvium archive master key id'),
    wrapping: deriveKey(secret, 'alluvium archive tenant keys'),
  };
}

function boundTo(tenant: string, id: string): string {
  return `${tenant}\0${id}`;
}
