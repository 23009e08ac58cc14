import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { openSecretFile } from '#ledger';
import { RedactionRules } from './redaction-rules.js';
import { replacementsOf } from './replacement.js';

export interface RedactionOptions {
  /** File in the data directory that hashes are keyed with; made, readable by its owner only, where it is missing. */
  readonly secretFile: string;
}

/** Gives {@link RedactionRules} to every module; needs the catalogue's module. */
@Module({})
export class RedactionModule implements OnModuleDestroy {
  constructor(private readonly rules: RedactionRules) {}

  static register({ secretFile }: RedactionOptions): DynamicModule {
    const provider = {
      provide: RedactionRules,
      inject: [CATALOGUE],
      useFactory: async (catalogue: Catalogue) =>
        new RedactionRules(catalogue, replacementsOf(await openSecretFile(secretFile))),
    };
    return { module: RedactionModule, global: true, providers: [provider], exports: [RedactionRules] };
  }

  onModuleDestroy(): void {
    this.rules.close();
  }
}
