import type { KeptUnit, PluginManifest } from '#plugin-kit';

/** A tier of units as the server has it, wherever its code runs. What it throws says what failed, and holds nothing of events. */
export interface HostedTier {
  /** As {@link UnitTier} has them. */
  write(unit: KeptUnit, lines: AsyncIterable<Uint8Array>): Promise<void>;
  read(unit: KeptUnit): AsyncIterable<Uint8Array>;
  remove(unit: KeptUnit): Promise<void>;
}

/** What a plugin of a tier of units brings to the server. */
export interface HostedTierPlugin {
  readonly manifest: PluginManifest;
  readonly tier: HostedTier;
}

/** What settings say of a tier from outside. */
export interface TierPlace {
  /** Where it keeps its units. */
  readonly directory: string;
  /** Whether the directory is made where it is missing: one that settings name may be a disk that is not mounted. */
  readonly isMade: boolean;
  readonly options: unknown;
}
