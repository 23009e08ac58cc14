import { join } from 'node:path';
import { Inject, Module, type DynamicModule, type OnModuleDestroy, type Provider } from '@nestjs/common';
import { AuditRecord } from '#audit';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { Access } from './access.js';
import { ensureAdminKey, type AdminKeyOptions } from './admin-key.js';
import { KeyHasher } from './key-hasher.js';
import { KeyRing } from './key-ring.js';
import { KeyStore } from './key-store.js';
import { openKeyHasher } from './pepper.js';
import { TenantRegistry } from './tenant-registry.js';

/** Injects the {@link AdminKeyPlace} for the start's line. */
export const ADMIN_KEY_PLACE = Symbol('AdminKeyPlace');

/** Gives {@link Access}, {@link KeyRing} and {@link TenantRegistry} to every module; needs the catalogue and the audit record. */
@Module({})
export class AccessModule implements OnModuleDestroy {
  private readonly access: Access;

  constructor(@Inject(Access) access: Access) {
    this.access = access;
  }

  /** @param options `directory` is the data directory; `pepper` and `admin.key` lie in it. */
  static register(options: AdminKeyOptions): DynamicModule {
    const exported = [Access, KeyRing, TenantRegistry, ADMIN_KEY_PLACE];
    return { module: AccessModule, global: true, providers: providers(options), exports: exported };
  }

  onModuleDestroy(): void {
    this.access.stop();
  }
}

function providers(options: AdminKeyOptions): Provider[] {
  return [
    {
      provide: KeyHasher,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => openKeyHasher(join(options.directory, 'pepper'), catalogue),
    },
    { provide: KeyStore, inject: [CATALOGUE], useFactory: (catalogue: Catalogue) => new KeyStore(catalogue) },
    {
      provide: TenantRegistry,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new TenantRegistry(catalogue),
    },
    {
      provide: Access,
      inject: [KeyStore, KeyHasher],
      useFactory: (keys: KeyStore, hasher: KeyHasher) => new Access(keys, hasher),
    },
    {
      provide: KeyRing,
      inject: [KeyStore, KeyHasher, TenantRegistry],
      useFactory: (keys: KeyStore, hasher: KeyHasher, tenants: TenantRegistry) =>
        new KeyRing(keys, hasher, tenants),
    },
    {
      provide: ADMIN_KEY_PLACE,
      inject: [KeyStore, KeyHasher, AuditRecord],
      useFactory: (keys: KeyStore, hasher: KeyHasher, audit: AuditRecord) =>
        ensureAdminKey(keys, hasher, { ...options, audit }),
    },
  ];
}
