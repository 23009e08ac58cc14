import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { PluginProblem } from '#plugin-kit';
import type { PluginRegistry } from '../plugin-registry.js';
import { Shadows } from '../shadows/shadows.js';
import { ParserVersions } from '../versions/parser-versions.js';
import { BuiltInEntries } from './built-in-entries.js';
import { OutsidePlugins } from './outside-plugins.js';
import { versionsOf } from './outside-versions.js';
import { PLUGIN_STATES, type PluginEntry } from './plugin-entry.js';
import type { PlaceOfTier, RunningPlugin } from './running-plugin.js';
import { readTrustList, TRUST_FILE, type TrustList } from './trust-list.js';

/** Milliseconds between two looks at the list of trusted plugins. */
const WATCH_MS = 1_000;

export interface PluginCatalogParts {
  readonly registry: PluginRegistry;
  /** Where the built-in plugins lie. */
  readonly builtIn: URL | string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly metrics: Registry;
}

/** Where outside plugins lie, where copies of those that run are, and where files of earlier versions are kept. */
export interface OutsideFolders {
  readonly folder: string;
  readonly stageDirectory: string;
  readonly versionsDirectory: string;
  /** What settings say of tiers. */
  readonly placeOf?: PlaceOfTier;
}

/** Every plugin of this process, with what is wrong with it; brings outside ones in and takes them out while all else runs. */
export class PluginCatalog implements OnApplicationShutdown {
  /** Versions of parsers: those of outside plugins, and of whoever adds more. */
  readonly versions = new ParserVersions();
  /** Versions that are tried on what comes in. */
  readonly shadows = new Shadows(this.versions);
  readonly #builtIn: BuiltInEntries;
  readonly #outside: OutsidePlugins | undefined;
  readonly #ends: Counter<'plugin'>;
  readonly #listener = (): void => void this.reload();
  readonly #onChange = new Set<() => void>();

  constructor(
    private readonly parts: PluginCatalogParts,
    outside?: OutsideFolders,
  ) {
    this.#builtIn = new BuiltInEntries(parts.registry.manifests, parts.builtIn);
    this.#outside = outside && this.#makeOutside(outside);
    if (this.#outside) this.versions.add(versionsOf(this.#outside));
    this.#ends = new Counter({
      name: 'alluvium_plugin_ends_total',
      help: 'Processes of outside plugins that ended over what they were asked, by plugin.',
      labelNames: ['plugin'],
      registers: [parts.metrics],
    });
    this.#measure();
  }

  /** Loads the outside plugins, and looks again whenever their list of trust changes. */
  async start(): Promise<void> {
    if (!this.#outside) return;
    await this.reload();
    watchFile(this.#trustFile(), { interval: WATCH_MS, persistent: false }, this.#listener);
  }

  /** All plugins, the built-in ones first. */
  async entries(): Promise<readonly PluginEntry[]> {
    return [...(await this.#builtIn.entries()), ...(this.#outside?.entries() ?? [])];
  }

  /** Versions that may run, by the plugins' names; undefined where the list can't be read. */
  async trusted(): Promise<TrustList | undefined> {
    if (!this.#outside) return new Map();
    const list = await readTrustList(this.#outside.folder);
    return list.problems ? undefined : list.value;
  }

  /** Calls back after the outside plugins were looked at again, or one was replaced or taken out. */
  onChange(listener: () => void): void {
    this.#onChange.add(listener);
  }

  /** What is wrong with the folder of the outside plugins or its list; then all runs as before. */
  get problems(): readonly PluginProblem[] {
    return this.#outside?.problems ?? [];
  }

  /** The folder of the outside plugins; undefined where none is set. */
  get folder(): string | undefined {
    return this.#outside?.folder;
  }

  /** Looks at the outside plugins again. Never rejects: what is wrong is told by {@link entries}. */
  async reload(): Promise<void> {
    if (!this.#outside) return;
    await this.#outside.reload();
    await this.shadows.review();
    for (const problem of this.problems) this.#warn(this.#outside.folder, problem);
    for (const { folder, problems } of this.#outside.entries())
      for (const problem of problems) this.#warn(folder, problem);
    this.#changed();
  }

  async onApplicationShutdown(): Promise<void> {
    this.shadows.close();
    if (!this.#outside) return;
    unwatchFile(this.#trustFile(), this.#listener);
    await this.#outside.close();
  }

  #makeOutside(folders: OutsideFolders): OutsidePlugins {
    const { registry, logger } = this.parts;
    return new OutsidePlugins({
      ...folders,
      taken: new Set(registry.manifests.map(({ name }) => name)),
      eventTypes: registry.eventTypes,
      changed: (running) => this.#bring(running),
      watch: {
        ended: (plugin, why) => {
          this.#ends.inc({ plugin });
          logger.warn({ plugin, why }, 'the process of a plugin ended over what it was asked');
        },
        suspended: (plugin, why) => {
          logger.error({ plugin, why }, 'a plugin was taken out until it is mended or loaded again');
          this.#changed();
        },
      },
    });
  }

  #bring(running: readonly RunningPlugin[]): void {
    const { registry, logger } = this.parts;
    registry.setOutside(running);
    const plugins = running.map(({ staged }) => `${staged.manifest.name} ${staged.manifest.version}`);
    logger.info({ plugins }, 'the outside plugins that run');
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#onChange) listener();
  }

  #warn(folder: string, { what, mend }: PluginProblem): void {
    this.parts.logger.warn({ folder }, `a plugin is not as it should be: ${what}. To mend it: ${mend}.`);
  }

  #trustFile(): string {
    return join(this.#outside?.folder ?? '', TRUST_FILE);
  }

  #measure(): void {
    const gauge: Gauge = new Gauge({
      name: 'alluvium_plugins',
      help: 'Outside plugins by state: loaded, untrusted, broken, suspended.',
      labelNames: ['state'],
      registers: [this.parts.metrics],
      collect: () => {
        const entries = this.#outside?.entries() ?? [];
        for (const state of PLUGIN_STATES)
          gauge.set({ state }, entries.filter((entry) => entry.state === state).length);
      },
    });
  }
}
