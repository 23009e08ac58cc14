import type { EventTypeDeclaration } from '#event-model';
import { pluginManifestSchema, type PluginManifest } from './manifest.js';
import type { EnricherDeclaration } from './kinds/enricher.js';
import type { InputDeclaration } from './kinds/input.js';
import type { NotifierDeclaration } from './kinds/notifier.js';
import type { Parser } from './kinds/parser.js';
import type { ParserTemplate } from './kinds/parser-template.js';
import type { StorageTier, TierContext } from './kinds/tier.js';
import type { UnitTierDeclaration } from './kinds/unit-tier.js';

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
  /** Whether it is left out where settings name no server for it. Default false. */
  readonly needsServer?: boolean;
  /** Opens the tier's engine; resolves when it can serve. */
  create(context: TierContext): Promise<StorageTier>;
}

/** A plugin that brings a tier of units, for policies, named as the plugin without its kind: `tier-gzip-files` is `gzip-files`. */
export interface UnitTierPlugin {
  readonly kind: 'tier';
  readonly manifest: PluginManifest;
  readonly units: UnitTierDeclaration;
}

/** A plugin that brings a parser of text lines, named as the plugin without its kind: `parser-syslog` is `syslog`. */
export interface ParserPlugin {
  readonly kind: 'parser';
  readonly manifest: PluginManifest;
  readonly parser: Parser;
  /**
   * Where an admin can make parsers of it: what makes them. `parser` is then that of the template's example, and nobody can
   * ask for it by the plugin's name unless `standsAlone`.
   */
  readonly template?: ParserTemplate;
  /** Whether `parser` is of use without being declared. Default: where there is no template. */
  readonly standsAlone?: boolean;
}

/** Whether requests may ask for the parser by the plugin's name. */
export function standsAlone({
  template,
  standsAlone,
}: Pick<ParserPlugin, 'template' | 'standsAlone'>): boolean {
  return standsAlone ?? template === undefined;
}

/** A plugin that brings messages in over the network, named as the plugin without its kind: `input-syslog` is `syslog`. */
export interface InputPlugin {
  readonly kind: 'input';
  readonly manifest: PluginManifest;
  readonly input: InputDeclaration;
}

/** A plugin that adds to events what is known of their values, named as the plugin without its kind: `enricher-geoip` is `geoip`. */
export interface EnricherPlugin {
  readonly kind: 'enricher';
  readonly manifest: PluginManifest;
  readonly enricher: EnricherDeclaration;
}

/** A plugin that tells people, named as the plugin without its kind: `notifier-webhook` is `webhook`. */
export interface NotifierPlugin {
  readonly kind: 'notifier';
  readonly manifest: PluginManifest;
  readonly notifier: NotifierDeclaration;
}

export type Plugin =
  | EventTypePlugin
  | TierPlugin
  | UnitTierPlugin
  | ParserPlugin
  | InputPlugin
  | EnricherPlugin
  | NotifierPlugin;

/** What an author writes: the plugin, with its `manifest.json` as imported, not yet checked. */
export type PluginDefinition =
  | Definition<EventTypePlugin>
  | Definition<TierPlugin>
  | Definition<UnitTierPlugin>
  | Definition<ParserPlugin>
  | Definition<InputPlugin>
  | Definition<EnricherPlugin>
  | Definition<NotifierPlugin>;

type Definition<P extends Plugin> = Omit<P, 'manifest'> & { readonly manifest: unknown };

// Registered, so that a plugin built with its own copy of the kit is known too.
const DEFINED = Symbol.for('alluvium.plugin');

/**
 * Makes a plugin's default export. Its manifest is checked and nothing else happens, so that importing a plugin has no
 * effect.
 *
 * @throws ZodError where the manifest breaks {@link pluginManifestSchema}
 */
export function definePlugin(definition: Definition<TierPlugin>): TierPlugin;
export function definePlugin(definition: Definition<UnitTierPlugin>): UnitTierPlugin;
export function definePlugin<D extends PluginDefinition>(definition: D): Extract<Plugin, { kind: D['kind'] }>;
export function definePlugin(definition: PluginDefinition): Plugin {
  const plugin: Plugin = { ...definition, manifest: pluginManifestSchema.parse(definition.manifest) };
  Object.defineProperty(plugin, DEFINED, { value: true });
  return Object.freeze(plugin);
}

/** Whether a value was made by {@link definePlugin}. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && DEFINED in value;
}
