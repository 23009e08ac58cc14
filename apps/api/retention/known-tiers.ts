import { Inject, Injectable } from '@nestjs/common';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { TierRegistry } from '#storage-tier';

/** Tiers that a policy may name: those of the appliance, and those that plugins from outside bring. */
@Injectable()
export class KnownTiers {
  constructor(
    @Inject(TierRegistry) private readonly registry: Pick<TierRegistry, 'retentionTiers'>,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: Pick<PluginRegistry, 'unitTiers'>,
  ) {}

  get names(): readonly string[] {
    return [...this.registry.retentionTiers, ...this.plugins.unitTiers.keys()];
  }
}
