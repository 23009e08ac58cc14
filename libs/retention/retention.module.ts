import { Module, type DynamicModule } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { RetentionPolicies } from './policies/retention-policies.js';

/** Gives what retention is made of to every module; needs the catalogue's module. */
@Module({})
export class RetentionModule {
  static register(): DynamicModule {
    const policies = {
      provide: RetentionPolicies,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new RetentionPolicies(catalogue),
    };
    return { module: RetentionModule, global: true, providers: [policies], exports: [RetentionPolicies] };
  }
}
