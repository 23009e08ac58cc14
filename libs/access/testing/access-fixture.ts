import type { Catalogue } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import { Access } from '../access.js';
import { KeyHasher } from '../key-hasher.js';
import { KeyRing } from '../key-ring.js';
import { KeyStore } from '../key-store.js';
import type { Principal } from '../principal.js';
import { ALL_SCOPES, type Scope } from '../scopes.js';
import { TenantRegistry } from '../tenant-registry.js';

/** A clock that a test sets: milliseconds since the epoch. */
export interface SettableClock {
  ms: number;
}

/** Everything of access over one catalogue. */
export function createAccess(catalogue: Catalogue = new MemoryCatalogue()) {
  const clock: SettableClock = { ms: Date.parse('2026-01-02T03:04:05Z') };
  const now = () => clock.ms;
  const keys = new KeyStore(catalogue);
  const hasher = new KeyHasher(Buffer.alloc(32, 7));
  const tenants = new TenantRegistry(catalogue);
  const ring = new KeyRing(keys, hasher, tenants, now);
  return { catalogue, clock, keys, hasher, tenants, ring, access: new Access(keys, hasher, now) };
}

/** A principal with these scopes, of the tenant `default` unless told. */
export function principalWith(
  scopes: readonly Scope[] = ALL_SCOPES,
  part: Partial<Principal> = {},
): Principal {
  return {
    keyId: 'tester00',
    keyName: 'tester',
    tenant: 'default',
    scopes: new Set(scopes),
    source: 'tester',
    defaultStream: 'default',
    ...part,
  };
}
