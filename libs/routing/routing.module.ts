import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { RoutingRules } from './routing-rules.js';

/** Gives {@link RoutingRules} to every module; needs the catalogue's module. */
@Module({})
export class RoutingModule implements OnModuleDestroy {
  constructor(private readonly rules: RoutingRules) {}

  static register(): DynamicModule {
    const provider = {
      provide: RoutingRules,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new RoutingRules(catalogue),
    };
    return { module: RoutingModule, global: true, providers: [provider], exports: [RoutingRules] };
  }

  onModuleDestroy(): void {
    this.rules.close();
  }
}
