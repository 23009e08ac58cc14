import type { Catalogue } from '#catalogue';
import type { MasterKeys, TenantKey, WrappedKey } from './master-keys.js';

const COLLECTION = 'archive-tenant-keys';

/** Keys of tenants, wrapped: a document of each. A new master key makes a new key of each tenant that is archived. */
export class TenantKeys {
  constructor(
    private readonly catalogue: Pick<Catalogue, 'read' | 'write'>,
    private readonly masters: MasterKeys,
  ) {}

  /**
   * The key by which files of a tenant's are encrypted now, made where there is none.
   *
   * @throws ArchiveEncryptionError `archive_key_missing`, `archive_sealed_tampered`
   */
  async current(tenant: string): Promise<TenantKey> {
    for (;;) {
      const stored = await this.catalogue.read<WrappedKey>(COLLECTION, tenant);
      if (stored && stored.value.key_id === this.masters.current) return this.#open(tenant, stored.value);
      const { key, ...wrapped } = this.masters.makeTenantKey(tenant);
      const change = { collection: COLLECTION, id: tenant, value: wrapped, ifVersion: stored?.version ?? 0 };
      const [outcome] = await this.catalogue.write([change]);
      if (outcome?.kind === 'written') return { ...wrapped, key };
      // Another process made one meanwhile.
    }
  }

  #open(tenant: string, wrapped: WrappedKey): TenantKey {
    return { ...wrapped, key: this.masters.unwrap(tenant, wrapped, `What is archived of "${tenant}"`) };
  }
}
