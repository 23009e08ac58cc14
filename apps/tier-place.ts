import { join } from 'node:path';
import type { Settings } from '#app-config';
import type { TierPlace } from '#plugin-host';
import { unitTierName, type PluginManifest } from '#plugin-kit';

/** What settings say of a tier from outside. */
export function tierPlace({ boot }: Settings, manifest: PluginManifest): TierPlace {
  const name = unitTierName(manifest);
  const directory = boot.tierDirectories.get(name);
  return {
    directory: directory ?? join(boot.dataDir, 'outside-tiers', name),
    isMade: directory === undefined,
    options: boot.tierOptions.get(name) ?? {},
  };
}
