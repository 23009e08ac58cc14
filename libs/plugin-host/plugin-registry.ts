import type { EventTypeDeclaration } from '#event-model';
import {
  enricherName,
  inputName,
  notifierName,
  type EnricherPlugin,
  type EventTypePlugin,
  type InputPlugin,
  type NotifierPlugin,
  type ParserPlugin,
  type Plugin,
  type PluginManifest,
  type TierPlugin,
} from '#plugin-kit';
import type { RunningPlugin } from './outside/running-plugin.js';
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
  /** By name, without the kind: `geoip`. */
  readonly enrichers: ReadonlyMap<string, EnricherPlugin>;
  /** By name, without the kind: `webhook`. */
  readonly notifiers: ReadonlyMap<string, NotifierPlugin>;
  /** Lines to try parsers with, by the name of the parser's plugin. */
  readonly samples: ReadonlyMap<string, readonly ParserSample[]>;
  /** Of the built-in plugins, by name. */
  readonly manifests: readonly PluginManifest[];
  /** Brings in these outside plugins in place of those before. An event type stays, since streams may be of it. */
  setOutside(running: readonly RunningPlugin[]): void;
  /** Calls back after outside plugins brought event types. */
  onEventTypes(listener: () => void): void;
}

/** Sorts loaded plugins by kind. */
export function createPluginRegistry(
  plugins: readonly Plugin[],
  samples: PluginRegistry['samples'] = new Map(),
): PluginRegistry {
  const isEventType = (plugin: Plugin): plugin is EventTypePlugin => plugin.kind === 'event-type';
  const isTier = (plugin: Plugin): plugin is TierPlugin => plugin.kind === 'tier';
  const isEnricher = (plugin: Plugin): plugin is EnricherPlugin => plugin.kind === 'enricher';
  const isNotifier = (plugin: Plugin): plugin is NotifierPlugin => plugin.kind === 'notifier';
  const isInput = (plugin: Plugin): plugin is InputPlugin => plugin.kind === 'input';
  const isParser = (plugin: Plugin): plugin is ParserPlugin => plugin.kind === 'parser';
  const eventTypes = new Map(
    plugins.filter(isEventType).map(({ eventType }) => [eventType.name, eventType] as const),
  );
  const parsers = new ParserRegistry(plugins.filter(isParser));
  const allSamples = new Map(samples);
  const listeners = new Set<() => void>();
  return {
    eventTypes,
    tiers: plugins.filter(isTier),
    parsers,
    inputs: new Map(plugins.filter(isInput).map((plugin) => [inputName(plugin.manifest), plugin] as const)),
    enrichers: new Map(
      plugins.filter(isEnricher).map((plugin) => [enricherName(plugin.manifest), plugin] as const),
    ),
    notifiers: new Map(
      plugins.filter(isNotifier).map((plugin) => [notifierName(plugin.manifest), plugin] as const),
    ),
    samples: allSamples,
    manifests: plugins.map(({ manifest }) => manifest),
    setOutside: (running) => {
      parsers.setOutside(running.flatMap(({ parser }) => parser ?? []));
      for (const { staged, eventType, samples: own } of running) {
        if (eventType) eventTypes.set(eventType.name, eventType);
        allSamples.set(staged.manifest.name, own);
      }
      for (const listener of listeners) listener();
    },
    onEventTypes: (listener) => void listeners.add(listener),
  };
}
