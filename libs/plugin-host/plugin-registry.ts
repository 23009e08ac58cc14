import type { EventTypeDeclaration } from '#event-model';
import {
  enricherName,
  inputName,
  notifierName,
  unitTierName,
  type EnricherPlugin,
  type EventTypePlugin,
  type InputPlugin,
  type NotifierPlugin,
  type ParserPlugin,
  type Plugin,
  type PluginManifest,
  type TierPlugin,
} from '#plugin-kit';
import type { HostedEnricherPlugin } from './enrichers/hosted-enricher.js';
import type { HostedTierPlugin } from './tiers/hosted-tier.js';
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
  readonly enrichers: ReadonlyMap<string, HostedEnricherPlugin>;
  /** By name, without the kind: `webhook`. */
  readonly notifiers: ReadonlyMap<string, NotifierPlugin>;
  /** Tiers of units from outside, by the names that policies have: `gzip-files`. */
  readonly unitTiers: ReadonlyMap<string, HostedTierPlugin>;
  /** Lines to try parsers with, by the name of the parser's plugin. */
  readonly samples: ReadonlyMap<string, readonly ParserSample[]>;
  /** Of the built-in plugins, by name. */
  readonly manifests: readonly PluginManifest[];
  /** Brings in these outside plugins in place of those before. An event type stays, since streams may be of it. */
  setOutside(running: readonly RunningPlugin[]): void;
  /** Calls back after outside plugins came, went or were replaced. */
  onOutside(listener: () => void): void;
}

/** Sorts loaded plugins by kind. */
export function createPluginRegistry(
  plugins: readonly Plugin[],
  samples: PluginRegistry['samples'] = new Map(),
): PluginRegistry {
  const isEventType = (plugin: Plugin): plugin is EventTypePlugin => plugin.kind === 'event-type';
  const isTier = (plugin: Plugin): plugin is TierPlugin => plugin.kind === 'tier' && 'create' in plugin;
  const isEnricher = (plugin: Plugin): plugin is EnricherPlugin => plugin.kind === 'enricher';
  const isNotifier = (plugin: Plugin): plugin is NotifierPlugin => plugin.kind === 'notifier';
  const isInput = (plugin: Plugin): plugin is InputPlugin => plugin.kind === 'input';
  const isParser = (plugin: Plugin): plugin is ParserPlugin => plugin.kind === 'parser';
  const eventTypes = new Map(
    plugins.filter(isEventType).map(({ eventType }) => [eventType.name, eventType] as const),
  );
  const parsers = new ParserRegistry(plugins.filter(isParser));
  const ownEnrichers = plugins.filter(isEnricher);
  const ownNotifiers = plugins.filter(isNotifier);
  const ownInputs = plugins.filter(isInput);
  const enrichers = new Map<string, HostedEnricherPlugin>();
  const notifiers = new Map<string, NotifierPlugin>();
  const inputs = new Map<string, InputPlugin>();
  const unitTiers = new Map<string, HostedTierPlugin>();
  const setKinds = (running: readonly RunningPlugin[]): void => {
    const outside = running.flatMap(({ enricher }) => enricher ?? []);
    replaceAll(enrichers, [...ownEnrichers, ...outside], enricherName);
    const others = running.flatMap(({ notifier }) => notifier ?? []);
    replaceAll(notifiers, [...ownNotifiers, ...others], notifierName);
    replaceAll(inputs, [...ownInputs, ...running.flatMap(({ input }) => input ?? [])], inputName);
    const tiers = running.flatMap(({ unitTier }) => unitTier ?? []);
    replaceAll(unitTiers, tiers, unitTierName);
  };
  setKinds([]);
  const allSamples = new Map(samples);
  const listeners = new Set<() => void>();
  return {
    eventTypes,
    tiers: plugins.filter(isTier),
    parsers,
    inputs,
    enrichers,
    notifiers,
    unitTiers,
    samples: allSamples,
    manifests: plugins.map(({ manifest }) => manifest),
    setOutside: (running) => {
      parsers.setOutside(
        running.flatMap(({ parser }) => parser ?? []),
        running.flatMap(({ parserKind }) => parserKind ?? []),
      );
      setKinds(running);
      for (const { staged, eventType, samples: own } of running) {
        if (eventType) eventTypes.set(eventType.name, eventType);
        allSamples.set(staged.manifest.name, own);
      }
      for (const listener of listeners) listener();
    },
    onOutside: (listener) => void listeners.add(listener),
  };
}

/** In place, since others hold the map. */
function replaceAll<P extends { readonly manifest: PluginManifest }>(
  map: Map<string, P>,
  plugins: readonly P[],
  nameOf: (manifest: PluginManifest) => string,
): void {
  map.clear();
  for (const plugin of plugins) map.set(nameOf(plugin.manifest), plugin);
}
