import type { EventTypeDeclaration } from '#event-model';
import type { EventTypePlugin, ParserPlugin, Plugin, PluginManifest, TierPlugin } from '#plugin-kit';
import { ParserRegistry } from './parsers/parser-registry.js';

/** The plugins of this process, by what they bring. */
export interface PluginRegistry {
  /** By the type's name. */
  readonly eventTypes: ReadonlyMap<string, EventTypeDeclaration>;
  readonly tiers: readonly TierPlugin[];
  readonly parsers: ParserRegistry;
  /** Of all plugins, by name. */
  readonly manifests: readonly PluginManifest[];
}

/** Sorts loaded plugins by kind. */
export function createPluginRegistry(plugins: readonly Plugin[]): PluginRegistry {
  const isEventType = (plugin: Plugin): plugin is EventTypePlugin => plugin.kind === 'event-type';
  const isTier = (plugin: Plugin): plugin is TierPlugin => plugin.kind === 'tier';
  const isParser = (plugin: Plugin): plugin is ParserPlugin => plugin.kind === 'parser';
  return {
    eventTypes: new Map(
      plugins.filter(isEventType).map(({ eventType }) => [eventType.name, eventType] as const),
    ),
    tiers: plugins.filter(isTier),
    parsers: new ParserRegistry(plugins.filter(isParser)),
    manifests: plugins.map(({ manifest }) => manifest),
  };
}
