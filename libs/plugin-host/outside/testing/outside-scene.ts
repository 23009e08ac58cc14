import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enricherName, notifierName, unitTierName, type NotifierPlugin } from '#plugin-kit';
import type { HostedEnricherPlugin } from '../../enrichers/hosted-enricher.js';
import { ParserRegistry } from '../../parsers/parser-registry.js';
import type { HostedTierPlugin, TierPlace } from '../../tiers/hosted-tier.js';
import type { ParserFailure, Verdict } from '../../parsers/verdict.js';
import { OutsidePlugins } from '../outside-plugins.js';
import type { PluginEntry } from '../plugin-entry.js';
import { PLUGIN_BUDGETS } from '../plugin-process.js';
import type { RunningPlugin } from '../running-plugin.js';
import { type BEHAVIOURS, PluginsFolder } from './plugin-folder.js';

/** When lines were received. */
export const RECEIVED = 1_795_239_970_000_000_000n;

/** A plugins' folder and what loads from it, with real processes. */
export class OutsideScene {
  parsers = new ParserRegistry([]);
  /** By name, without the kind. */
  readonly enrichers = new Map<string, HostedEnricherPlugin>();
  readonly notifiers = new Map<string, NotifierPlugin>();
  readonly tiers = new Map<string, HostedTierPlugin>();
  /** Of every tier. */
  tierPlace: TierPlace = { directory: '/nowhere', isMade: false, options: {} };
  /** Of every process that is started from now on. */
  readonly budgets = { ...PLUGIN_BUDGETS, callMs: 500, openMs: 1_000, notifyMs: 500, unitMs: 1_000 };
  plugins: OutsidePlugins;
  /** What ended and what was suspended, with the reasons. */
  readonly ends: string[] = [];
  readonly failures: ParserFailure[] = [];

  private constructor(
    readonly folder: PluginsFolder,
    readonly stageDirectory: string,
    readonly versionsDirectory: string,
  ) {
    this.plugins = this.#open();
  }

  /** As after a restart of the server. */
  async restart(): Promise<void> {
    await this.plugins.close();
    this.parsers = new ParserRegistry([]);
    this.plugins = this.#open();
    await this.plugins.reload();
  }

  #open(): OutsidePlugins {
    const { folder, stageDirectory, versionsDirectory } = this;
    return new OutsidePlugins({
      folder: folder.path,
      stageDirectory,
      versionsDirectory,
      taken: new Set(['parser-json']),
      eventTypes: new Map(),
      budgets: this.budgets,
      placeOf: () => this.tierPlace,
      changed: (running) => this.#bring(running),
      watch: {
        ended: (plugin, why) => void this.ends.push(`${plugin}: ${why}`),
        suspended: (plugin, why) => void this.ends.push(`${plugin} suspended: ${why}`),
      },
    });
  }

  #bring(running: readonly RunningPlugin[]): void {
    this.parsers.setOutside(
      running.flatMap(({ parser }) => parser ?? []),
      running.flatMap(({ parserKind }) => parserKind ?? []),
    );
    this.enrichers.clear();
    this.notifiers.clear();
    this.tiers.clear();
    for (const { enricher, notifier, unitTier } of running) {
      if (unitTier) this.tiers.set(unitTierName(unitTier.manifest), unitTier);
      if (enricher) this.enrichers.set(enricherName(enricher.manifest), enricher);
      if (notifier) this.notifiers.set(notifierName(notifier.manifest), notifier);
    }
  }

  static async make(): Promise<OutsideScene> {
    const [stage, versions] = [
      await mkdtemp(join(tmpdir(), 'alluvium-stage-')),
      await mkdtemp(join(tmpdir(), 'alluvium-versions-')),
    ];
    return new OutsideScene(await PluginsFolder.make(), stage, versions);
  }

  /** Writes a parser, trusts it and has it loaded. */
  async load(name: string, behaviour: keyof typeof BEHAVIOURS): Promise<void> {
    await this.folder.writeParser(name, behaviour);
    await this.folder.trust(`parser-${name}`);
    await this.plugins.reload();
  }

  /** Writes a plugin of any kind, trusts it and has it loaded. */
  async loadFiles(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    await this.folder.write(name, files);
    await this.folder.trust(name);
    await this.plugins.reload();
  }

  /** Parses lines as those of a block of their own. */
  async parse(name: string, ...lines: string[]): Promise<readonly Verdict[]> {
    const open = this.parsers.open(name, (failure) => void this.failures.push(failure));
    if (!open) throw new Error(`there is no parser ${name}`);
    const verdicts = await open(
      lines.map((line) => Buffer.from(line)),
      { receivedAt: RECEIVED },
    );
    open.close?.();
    return verdicts;
  }

  entry(name: string): PluginEntry | undefined {
    return this.plugins.entries().find((one) => one.name === name);
  }

  problemsOf(name: string): string {
    return (this.entry(name)?.problems ?? []).map(({ what, mend }) => `${what} -> ${mend}`).join('\n');
  }

  async dispose(): Promise<void> {
    await this.plugins.close();
    await this.folder.remove();
    for (const directory of [this.stageDirectory, this.versionsDirectory])
      await rm(directory, { recursive: true, force: true });
  }
}

/** The messages of events, or what else became of the lines. */
export function messagesOf(verdicts: readonly Verdict[]): unknown[] {
  return verdicts.map(({ parsed }) => (parsed.kind === 'event' ? parsed.event['message'] : parsed.kind));
}
