import { Inject, Module, type DynamicModule, type OnModuleInit, type Provider } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { ArchivedUnits } from './archived-units.js';
import { AttachedArchives } from './attached-archives.js';
import { DamagedObjects } from './damaged-objects.js';
import { LegalHolds } from './legal-holds.js';
import { RestoredStreams } from './restored-streams.js';

const UNITS: Provider = {
  provide: ArchivedUnits,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new ArchivedUnits(catalogue),
};

const DAMAGED: Provider = {
  provide: DamagedObjects,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new DamagedObjects(catalogue),
};

const ATTACHED: Provider = {
  provide: AttachedArchives,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new AttachedArchives(catalogue),
};

const LEGAL_HOLDS: Provider = {
  provide: LegalHolds,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new LegalHolds(catalogue),
};

const RESTORED: Provider = {
  provide: RestoredStreams,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new RestoredStreams(catalogue),
};

/** Gives {@link ArchivedUnits}, {@link AttachedArchives}, {@link RestoredStreams}, {@link LegalHolds} and {@link DamagedObjects} to every module; needs the catalogue from a global one. */
@Module({})
export class ArchivedUnitsModule implements OnModuleInit {
  constructor(@Inject(ArchivedUnits) private readonly units: ArchivedUnits) {}

  async onModuleInit(): Promise<void> {
    await this.units.load();
  }

  static register(): DynamicModule {
    return {
      module: ArchivedUnitsModule,
      global: true,
      providers: [UNITS, ATTACHED, DAMAGED, LEGAL_HOLDS, RESTORED],
      exports: [UNITS, ATTACHED, DAMAGED, LEGAL_HOLDS, RESTORED],
    };
  }
}
