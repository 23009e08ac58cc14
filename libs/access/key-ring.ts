import { formatTimestamp, nowNs } from '#event-model';
import { AccessError } from './access.errors.js';
import { keyIdOf, makeKey } from './key-format.js';
import type { KeyHasher } from './key-hasher.js';
import { checkKeyRequest, type KeyRequest } from './key-request.js';
import { withoutHash, type KeyRecord, type KeyStore, type StoredKey } from './key-store.js';
import type { Principal } from './principal.js';
import type { TenantRegistry } from './tenant-registry.js';

/** A key that was just made, with its secret: the only time it can be seen. */
export interface NewKey {
  readonly key: string;
  readonly record: KeyRecord;
}

/** Makes, shows and revokes keys, each call on behalf of the key that asks. */
export class KeyRing {
  constructor(
    private readonly keys: KeyStore,
    private readonly hasher: KeyHasher,
    private readonly tenants: TenantRegistry,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws AccessError `key_invalid`, `forbidden`, `tenant_not_found`. */
  async createKey(by: Principal, request: KeyRequest): Promise<NewKey> {
    const { defaultStream, ...checked } = checkKeyRequest(by, request);
    await this.checkTenant(checked.tenant);
    const times = { created_at: formatTimestamp(nowNs(this.now)), ...this.expiry(request.expiresAt) };
    return this.keep({ ...checked, default_stream: defaultStream, ...times });
  }

  /** Keys of the asking key's tenant, or of all for the scope `system`; never their secrets or hashes. */
  async listKeys(by: Principal): Promise<readonly KeyRecord[]> {
    return (await this.keys.all()).filter((key) => mayManage(by, key)).map(withoutHash);
  }

  /**
   * Ends a key, in this process at once and in others within 5 s; a repeat changes nothing.
   *
   * @throws AccessError `key_not_found`, also for keys that the asking one may not see; `forbidden`.
   */
  async revokeKey(by: Principal, id: string): Promise<KeyRecord> {
    const key = keyIdOf(`alv_${id}_${'0'.repeat(43)}`) ? await this.keys.read(id) : undefined;
    if (!key || !mayManage(by, key)) {
      throw new AccessError('key_not_found', 'There is no such key; list the keys to see their ids.');
    }
    if (key.scopes.includes('system') && !by.scopes.has('system')) {
      throw new AccessError('forbidden', 'A key with the scope system can be revoked only by another one.');
    }
    const revoked_at = formatTimestamp(nowNs(this.now));
    return withoutHash(await this.keys.change(id, (current) => ({ revoked_at, ...current })));
  }

  private async keep(record: Omit<StoredKey, 'id' | 'hash'>): Promise<NewKey> {
    for (;;) {
      const key = makeKey();
      const stored = { id: keyIdOf(key) ?? '', ...record, hash: this.hasher.hash(key) };
      if (await this.keys.create(stored)) return { key, record: withoutHash(stored) };
    }
  }

  private async checkTenant(name: string): Promise<void> {
    if (await this.tenants.exists(name)) return;
    throw new AccessError('tenant_not_found', 'There is no such tenant; create it first or name another.');
  }

  private expiry(expiresAt: bigint | undefined): { readonly expires_at?: string } {
    if (expiresAt === undefined) return {};
    if (expiresAt > nowNs(this.now)) return { expires_at: formatTimestamp(expiresAt) };
    throw new AccessError(
      'key_invalid',
      'The field expires_at of the key must be a time to come; correct it.',
    );
  }
}

function mayManage(by: Principal, key: StoredKey): boolean {
  return by.scopes.has('system') || (by.scopes.has('keys:admin') && key.tenant === by.tenant);
}
