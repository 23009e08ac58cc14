import type { EventTypeDeclaration } from '#event-model';
import type { PluginManifest } from './manifest.js';
import type { StorageTier, TierContext } from './kinds/tier.js';

/** A plugin that declares an event type. */
export interface EventTypePlugin {
  readonly kind: 'event-type';
  readonly manifest: PluginManifest;
  readonly eventType: EventTypeDeclaration;
}

/** A plugin that brings a storage tier. */
export interface TierPlugin {
  readonly kind: 'tier';
  readonly manifest: PluginManifest;
  /** Opens the tier's engine; resolves when it can serve. */
  create(context: TierContext): Promise<StorageTier>;
}

export type Plugin = EventTypePlugin | TierPlugin;

/** Types a plugin's default export; nothing else happens here, so that importing a plugin has no effect. */
export function definePlugin<P extends Plugin>(plugin: P): P {
  return plugin;
}
