import { Module, type DynamicModule } from '@nestjs/common';
import type { Settings } from '#app-config';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { ArchiveEncryption } from './archive-encryption.js';
import { MasterKeys } from './master-keys.js';
import { TenantKeys } from './tenant-keys.js';

/** Gives {@link ArchiveEncryption} to every module; needs the catalogue of a global one. */
@Module({})
export class ArchiveEncryptionModule {
  static register({ archiveKeys, archiveEncryption: encrypts }: Settings['boot']): DynamicModule {
    const encryption = {
      provide: ArchiveEncryption,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => {
        const keys = new MasterKeys(archiveKeys?.reveal());
        return new ArchiveEncryption(keys, { encrypts, tenants: new TenantKeys(catalogue, keys) });
      },
    };
    return {
      module: ArchiveEncryptionModule,
      global: true,
      providers: [encryption],
      exports: [ArchiveEncryption],
    };
  }
}
