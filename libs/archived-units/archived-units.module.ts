import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { ArchivedUnits } from './archived-units.js';

const UNITS: Provider = {
  provide: ArchivedUnits,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) => new ArchivedUnits(catalogue),
};

/** Gives {@link ArchivedUnits} to every module; needs the catalogue from a global one. */
@Module({})
export class ArchivedUnitsModule {
  static register(): DynamicModule {
    return { module: ArchivedUnitsModule, global: true, providers: [UNITS], exports: [UNITS] };
  }
}
