import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Catalogue } from './catalogue.port.js';

/** Injects the {@link Catalogue}. */
export const CATALOGUE = Symbol('Catalogue');

export interface CatalogueOptions {
  /** Directory of the catalogue's own; made when missing. One process at a time may have it open. */
  readonly directory: string;
  /** Marks a place where tests may end the process: `catalogue.before-commit`, `catalogue.after-commit`. */
  readonly reach?: (faultPoint: string) => void;
}

/** Gives {@link CATALOGUE} to every module; stops it last, when those that write at shutdown are done. */
@Module({})
export class CatalogueModule implements OnApplicationShutdown {
  private readonly catalogue: Catalogue;

  constructor(@Inject(CATALOGUE) catalogue: Catalogue) {
    this.catalogue = catalogue;
  }

  static register(options: CatalogueOptions): DynamicModule {
    const provider = { provide: CATALOGUE, useFactory: () => openEmbedded(options) };
    return { module: CatalogueModule, global: true, providers: [provider], exports: [CATALOGUE] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.catalogue.stop();
  }
}

async function openEmbedded(options: CatalogueOptions): Promise<Catalogue> {
  const { LmdbCatalogue } = await import('./lmdb/lmdb-catalogue.js');
  return LmdbCatalogue.open(options);
}
