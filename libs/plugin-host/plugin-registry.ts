import type { EventTypeDeclaration } from '#event-model';
import {
  inputName,
  type EventTypePlugin,
  type InputPlugin,
  type ParserPlugin,
  type Plugin,
  type PluginManifest,
  type TierPlugin,
} from '#plugin-kit';
import { ParserRegistry } from './parsers/parser-registry.js';
import type { ParserSample } from './parsers/parser-samples.js';

/** The plugins of this process, by what they bring. */
export interface PluginRegistry {
  /** By the type's name. */
  readonly eventTypes: ReadonlyMap<string, EventTypeDeclaration>;
  readonly tiers: readonly TierPlugin[];
  readonly parsers: ParserRegistry;
  /** By name, without the kind: `syslog`. */
  readonly inputs: ReadonlyMap<string, InputPlugin>;
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
  const isInput = (plugin: Plugin): plugin is InputPlugin => plugin.kind === 'input';
  const isParser = (plugin: Plugin): plugin is ParserPlugin => plugin.kind === 'parser';
  return {
    eventTypes: new Map(
      plugins.filter(isEventType).map(({ eventType }) => [eventType.name, eventType] as const),
    ),
    tiers: plugins.filter(isTier),
    parsers: new ParserRegistry(plugins.filter(isParser)),
    inputs: new Map(plugins.filter(isInput).map((plugin) => [inputName(plugin.manifest), plugin] as const)),
    samples,
    manifests: plugins.map(({ manifest }) => manifest),
  };
}
