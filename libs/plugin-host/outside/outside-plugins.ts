import { join } from 'node:path';
import { ChangeQueue } from '#catalogue';
import type { PluginProblem } from '#plugin-kit';
import { discoverPlugins, type PluginFolder } from '../discover-plugins.js';
import { failed, ok, type Outcome } from '../outcome.js';
import { PluginLoadError } from '../plugin-host.errors.js';
import type { OnParserFailure } from '../parsers/verdict.js';
import type { OpenedVersion, ParserVersion } from '../versions/parser-versions.js';
import { findPlugin, type FoundPlugin } from './found-plugin.js';
import { judgeFolder, type JudgedPlugin } from './judge-folder.js';
import type { PluginEntry } from './plugin-entry.js';
import { NO_PARSER, suspension, untrusted } from './plugin-troubles.js';
import type { RunningPlugin } from './running-plugin.js';
import { ownershipProblems, readTrustList, type TrustList } from './trust-list.js';
import { broughtIn, shownVersions, versionsToTry } from './version-choice.js';
import { VersionStarter, type VersionStarterOptions } from './version-starter.js';
import { VersionStore } from './version-store.js';

export interface OutsidePluginsOptions extends VersionStarterOptions {
  /** The plugins' folder: each folder in it is a plugin. */
  readonly folder: string;
  /** Where the files of the last versions of parsers are kept. */
  readonly versionsDirectory: string;
  /** Names of the built-in plugins. */
  readonly taken: ReadonlySet<string>;
  /** Called with what runs, whenever that changes. */
  readonly changed: (running: readonly RunningPlugin[]) => void;
}

/**
 * Loads, replaces and takes away the plugins of a folder while everything else runs. A plugin runs from a copy, so what
 * becomes of its folder meanwhile is of no consequence until the next {@link reload}; a new version that can't be loaded
 * leaves the old one running.
 */
export class OutsidePlugins {
  readonly #running = new Map<string, RunningPlugin>();
  readonly #store: VersionStore;
  readonly #starter: VersionStarter;
  #judged: readonly JudgedPlugin[] = [];
  /** What is wrong with the folder or its list, of which no plugin can be blamed. */
  #problems: readonly PluginProblem[] = [];
  readonly #changes = new ChangeQueue();

  constructor(private readonly options: OutsidePluginsOptions) {
    this.#store = new VersionStore(options.versionsDirectory);
    this.#starter = new VersionStarter(options, this.#store);
  }

  get folder(): string {
    return this.options.folder;
  }

  get problems(): readonly PluginProblem[] {
    return this.#problems;
  }

  /** Every plugin of the folder, and those that run without being there any more. */
  entries(): readonly PluginEntry[] {
    return this.#judged.map((judged) => this.#entryOf(judged));
  }

  /** Looks at the folder again, one look after the other. Suspended plugins get another chance. Never rejects. */
  async reload(): Promise<void> {
    return this.#changes.run(() => this.#look());
  }

  /** The versions of a plugin that are kept, the newest first; undefined where there is no such plugin. */
  async versions(name: string): Promise<readonly ParserVersion[] | undefined> {
    if (!this.#find(name)) return undefined;
    const trusted = await this.#trustedOf(name);
    const record = await this.#store.read(name);
    return shownVersions(record, {
      trusted: trusted.problems ? [] : trusted.value,
      running: this.#running.get(name)?.staged.sha256,
    });
  }

  /**
   * Brings a version in that is kept, while blocks under way end with the one that they began with.
   *
   * @param held whether it stays until another one is activated; else what is trusted next takes its place
   * @returns what keeps it from running: then nothing has changed
   */
  async activate(name: string, sha256: string, held: boolean): Promise<readonly PluginProblem[]> {
    return this.#changes.run(async () => {
      const found = this.#find(name);
      if (!found) return [NO_PARSER];
      const trusted = await this.#trustedOf(name);
      if (trusted.problems) return trusted.problems;
      if (!trusted.value.includes(sha256)) return [untrusted(found.folder, sha256)];
      const record = await this.#store.read(name);
      const written = await this.#store.remember(name, broughtIn(record, sha256, held));
      if (written.problems) return written.problems;
      const isRunning = this.#running.get(name)?.staged.sha256 === sha256;
      const problems = isRunning ? [] : await this.#bringIn(found, sha256);
      if (problems.length > 0) await this.#store.remember(name, record);
      this.options.changed([...this.#running.values()]);
      return problems;
    });
  }

  /** Makes a version that is kept parse lines of a trial, in a process of its own that ends when that is closed. */
  async openVersion(
    name: string,
    sha256: string,
    failures: OnParserFailure,
  ): Promise<Outcome<OpenedVersion>> {
    const trusted = await this.#trustedOf(name);
    if (trusted.problems) return trusted;
    if (trusted.value.includes(sha256)) return this.#starter.open(name, sha256, failures);
    return failed([untrusted({ path: join(this.folder, name) }, sha256)]);
  }

  /** Ends everything that runs. */
  async close(): Promise<void> {
    await this.#changes.run(async () => {
      await Promise.all([...this.#running.values()].map((plugin) => plugin.close()));
      this.#running.clear();
    });
  }

  #find(name: string): FoundPlugin | undefined {
    return this.#judged.find(({ found }) => found.folder.name === name)?.found;
  }

  /** What of a plugin may run now. */
  async #trustedOf(name: string): Promise<Outcome<readonly string[]>> {
    const { folder } = this.options;
    const ownership = await ownershipProblems(folder);
    if (ownership.length > 0) return failed(ownership);
    const trusted = await readTrustList(folder);
    return trusted.problems ? trusted : ok(trusted.value.get(name) ?? []);
  }

  async #look(): Promise<void> {
    try {
      this.#problems = await this.#refresh();
    } catch (error) {
      this.#problems = [lookProblem(error)];
    }
  }

  /** @returns what keeps it from looking: then everything stays as it is */
  async #refresh(): Promise<readonly PluginProblem[]> {
    const { folder, taken } = this.options;
    const ownership = await ownershipProblems(folder);
    if (ownership.length > 0) return ownership;
    const trusted = await readTrustList(folder);
    if (trusted.problems) return trusted.problems;
    const folders = (await discoverPlugins(folder)).filter(({ name }) => name !== 'node_modules');
    const found = await Promise.all(folders.map((one) => findPlugin(one, taken)));
    const judged: JudgedPlugin[] = [];
    for (const one of found) judged.push(await this.#judge(one, trusted.value));
    this.#takeAway(folders, trusted.value);
    this.#judged = judged;
    for (const { live } of this.#running.values()) live?.resume();
    this.options.changed([...this.#running.values()]);
    return [];
  }

  async #judge(found: FoundPlugin, trusted: TrustList): Promise<JudgedPlugin> {
    const { name } = found.folder;
    const hashes = trusted.get(name) ?? [];
    const seen = judgeFolder(found, hashes);
    const own = seen.state === 'loaded' ? found.sha256 : undefined;
    const running = this.#running.get(name)?.staged.sha256;
    const record = await this.#store.read(name);
    const problems = [...seen.problems];
    let { state } = seen;
    for (const [at, sha256] of versionsToTry(record, { own, running, trusted: hashes }).entries()) {
      const refused = running === sha256 ? [] : await this.#bringIn(found, sha256);
      problems.push(...refused);
      if (refused.length > 0 && sha256 === own) state = 'broken';
      if (refused.length > 0) continue;
      if (at === 0) problems.push(...(await this.#remember(found, sha256)));
      break;
    }
    if (own !== undefined && state === 'loaded') problems.push(...(await this.#keep(found, own)));
    return { found, state, problems };
  }

  /** Starts a version, then lets the one before go. @returns what is wrong with it */
  async #bringIn(found: FoundPlugin, sha256: string): Promise<readonly PluginProblem[]> {
    const { name } = found.folder;
    const started = await this.#starter.start(found, sha256);
    if (started.problems) return started.problems;
    this.#running.get(name)?.retire();
    this.#running.set(name, started.value);
    return [];
  }

  /** Only parsers have versions: a type's tables are made once. */
  async #keep({ folder, manifest }: FoundPlugin, sha256: string): Promise<readonly PluginProblem[]> {
    if (manifest?.kind !== 'parser') return [];
    const kept = await this.#store.keep(folder, { sha256, version: manifest.version });
    return kept.problems ?? [];
  }

  /** What came from the folder is held by nobody. */
  async #remember({ folder, manifest }: FoundPlugin, sha256: string): Promise<readonly PluginProblem[]> {
    const record = await this.#store.read(folder.name);
    if (record.active === sha256 || manifest?.kind !== 'parser') return [];
    const written = await this.#store.remember(folder.name, broughtIn(record, sha256, false));
    return written.problems ?? [];
  }

  /** What is gone, or not on the list any more, ends. */
  #takeAway(folders: readonly PluginFolder[], trusted: TrustList): void {
    const there = new Set(folders.map(({ name }) => name));
    for (const [name, plugin] of this.#running) {
      if (there.has(name) && trusted.has(name)) continue;
      plugin.retire();
      this.#running.delete(name);
    }
  }

  #entryOf({ found, state, problems }: JudgedPlugin): PluginEntry {
    const { name, path } = found.folder;
    const running = this.#running.get(name);
    const live = running?.live;
    const manifest = running?.staged.manifest ?? found.manifest;
    const sha256 = running?.staged.sha256 ?? found.sha256;
    const suspended = live?.suspended;
    return {
      name,
      origin: 'outside',
      folder: path,
      ...(manifest && { kind: manifest.kind, version: manifest.version }),
      ...(sha256 !== undefined && { sha256 }),
      state: suspended !== undefined ? 'suspended' : running ? 'loaded' : state,
      problems: [
        ...(suspended === undefined ? [] : [suspension(suspended)]),
        ...(live?.problems ?? []),
        ...problems,
      ],
      restarts: live?.restarts ?? 0,
    };
  }
}

/** The mend of a built-in plugins' folder is of no use here. */
function lookProblem(error: unknown): PluginProblem {
  const [first] = error instanceof PluginLoadError ? error.problems : [];
  const what = first?.what ?? (error instanceof Error ? error.message : String(error));
  return {
    what,
    mend: 'see that the folder is there, and that the user that the server runs as may read it',
  };
}
