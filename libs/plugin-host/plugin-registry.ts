import type { EventTypeDeclaration } from '#event-model';
import type { EventTypePlugin, ParserPlugin, Plugin, PluginManifest, TierPlugin } from '#plugin-kit';
import { ParserRegistry } from './parsers/parser-registry.js';
import type { ParserSample } from './parsers/parser-samples.js';

/** The plugins of this process, by what they bring. */
export interface PluginRegistry {
  /** By the type's name. */
  readonly eventTypes: ReadonlyMap<string, EventTypeDeclaration>;
  readonly tiers: readonly TierPlugin[];
  readonly parsers: ParserRegistry;
  /** Lines to try parsers with, by the name of the parser's plugin. */
  readonly samples: ReadonlyMap<string, readonly ParserSample[]>;
  /** Of all plugins, by name. */
  readonly manifests: readonly PluginManifest[];
}

/** Sorts loaded plugins by kind. */
export function createPluginRegistry(
  plugins: readonly Plugin[],
  samples: PluginRegistry['samples'] = new Map(),
): PluginRegistry {
  const isEventType = (plugin: Plugin): plugin is EventTypePlugin => plugin.kind === 'event-type';
  const isTier = (plugin: Plugin): plugin is TierPlugin => plugin.kind === 'tier';
  const isParser = (plugin: Plugin): plugin is ParserPlugin => plugin.kind === 'parser';
  return {
    eventTypes: new Map(
      plugins.filter(isEventType).map(({ eventType }) => [eventType.name, eventType] as const),
    ),
    tiers: plugins.filter(isTier),
    parsers: new ParserRegistry(plugins.filter(isParser)),
    samples,
    manifests: plugins.map(({ manifest }) => manifest),
  };
}
