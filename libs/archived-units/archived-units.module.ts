import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { ArchivedUnits } from './archived-units.js';
import { DamagedObjects } from './damaged-objects.js';

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

/** Gives {@link ArchivedUnits} and {@link DamagedObjects} to every module; needs the catalogue from a global one. */
@Module({})
export class ArchivedUnitsModule {
  static register(): DynamicModule {
    return {
      module: ArchivedUnitsModule,
      global: true,
      providers: [UNITS, DAMAGED],
      exports: [UNITS, DAMAGED],
    };
  }
}
