import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventTypeDeclaration } from '#event-model';
import { discoverPlugins, type PluginFolder } from '../discover-plugins.js';
import { eventTypeChangeProblems, type PluginProblem } from '#plugin-kit';
import { findPlugin, type FoundPlugin } from './found-plugin.js';
import type { ParserWatch } from './outside-parser.js';
import type { PluginEntry, PluginState } from './plugin-entry.js';
import type { PluginBudgets } from './plugin-process.js';
import { runPlugin, type RunningPlugin } from './running-plugin.js';
import { stagePlugin } from './stage.js';
import { ownershipProblems, readTrustList, type TrustList } from './trust-list.js';

export interface OutsidePluginsOptions {
  /** The plugins' folder: each folder in it is a plugin. */
  readonly folder: string;
  /** Where copies of what runs are kept; emptied at first use. */
  readonly stageDirectory: string;
  /** Names of the built-in plugins. */
  readonly taken: ReadonlySet<string>;
  /** What is declared already, by name. */
  readonly eventTypes: ReadonlyMap<string, EventTypeDeclaration>;
  readonly watch: ParserWatch;
  readonly budgets?: PluginBudgets;
  /** Called with what runs, whenever that changes. */
  readonly changed: (running: readonly RunningPlugin[]) => void;
}

/** What became of a plugin at the last look. */
interface Judged {
  readonly found: FoundPlugin;
  readonly state: Exclude<PluginState, 'suspended'>;
  readonly problems: readonly PluginProblem[];
}

/**
 * Loads, replaces and takes away the plugins of a folder while everything else runs. A plugin runs from a copy, so what
 * becomes of its folder meanwhile is of no consequence until the next {@link reload}; a new version that can't be loaded
 * leaves the old one running.
 */
export class OutsidePlugins {
  readonly #running = new Map<string, RunningPlugin>();
  #judged: readonly Judged[] = [];
  /** What is wrong with the folder or its list, of which no plugin can be blamed. */
  #problems: readonly PluginProblem[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #copies = 0;

  constructor(private readonly options: OutsidePluginsOptions) {}

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
    const turn = this.#turn.then(() => this.#look());
    this.#turn = turn;
    return turn;
  }

  /** Ends everything that runs. */
  async close(): Promise<void> {
    await this.#turn;
    await Promise.all([...this.#running.values()].map((plugin) => plugin.close()));
    this.#running.clear();
  }

  async #look(): Promise<void> {
    try {
      this.#problems = await this.#refresh();
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      this.#problems = [{ what, mend: 'let the user that the server runs as read the folder' }];
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
    const judged: Judged[] = [];
    for (const one of found) judged.push(await this.#judge(one, trusted.value));
    this.#takeAway(folders, trusted.value);
    this.#judged = judged;
    for (const { parser } of this.#running.values()) parser?.live.resume();
    this.options.changed([...this.#running.values()]);
    return [];
  }

  async #judge(found: FoundPlugin, trusted: TrustList): Promise<Judged> {
    const { folder, sha256, problems } = found;
    if (problems.length > 0 || sha256 === undefined) return { found, state: 'broken', problems };
    if (trusted.get(folder.name) !== sha256)
      return { found, state: 'untrusted', problems: [untrusted(folder, sha256)] };
    if (this.#running.get(folder.name)?.staged.sha256 === sha256) return { found, state: 'loaded', problems };
    const refused = await this.#start(found, sha256);
    return { found, state: refused.length > 0 ? 'broken' : 'loaded', problems: refused };
  }

  /** Starts what lies in the folder, then lets the version before go. @returns what is wrong with it */
  async #start({ folder }: FoundPlugin, sha256: string): Promise<readonly PluginProblem[]> {
    const staged = await stagePlugin(folder, await this.#nextCopy(folder.name));
    if (staged.problems) return staged.problems;
    if (staged.value.sha256 !== sha256) {
      await rm(staged.value.folder, { recursive: true, force: true });
      return [CHANGED];
    }
    const started = await runPlugin(staged.value, this.options.watch, this.options.budgets);
    const problems = started.problems ?? this.#typeProblems(started.value);
    if (started.problems || problems.length > 0) {
      await rm(staged.value.folder, { recursive: true, force: true });
      return problems;
    }
    this.#running.get(folder.name)?.retire();
    this.#running.set(folder.name, started.value);
    return [];
  }

  /** Tables that are there get what is new; a declaration that would make them again is refused. */
  #typeProblems({ eventType }: RunningPlugin): readonly PluginProblem[] {
    const known = eventType && this.options.eventTypes.get(eventType.name);
    return known && eventType ? eventTypeChangeProblems(known, eventType) : [];
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

  async #nextCopy(name: string): Promise<string> {
    const { stageDirectory } = this.options;
    if (this.#copies === 0) await rm(stageDirectory, { recursive: true, force: true });
    await mkdir(stageDirectory, { recursive: true, mode: 0o700 });
    this.#copies += 1;
    return join(stageDirectory, `${name}.${this.#copies}`);
  }

  #entryOf({ found, state, problems }: Judged): PluginEntry {
    const { name, path } = found.folder;
    const running = this.#running.get(name);
    const live = running?.parser?.live;
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
      problems: suspended === undefined ? problems : [suspension(suspended), ...problems],
      restarts: live?.restarts ?? 0,
    };
  }
}

function untrusted({ path }: PluginFolder, sha256: string): PluginProblem {
  return {
    what: `its SHA-256, ${sha256}, is not on the list of what may run`,
    mend: `look at it, then let it run: alluvium plugin trust ${path}`,
  };
}

const CHANGED: PluginProblem = {
  what: 'its files changed while they were copied',
  mend: 'reload again when they are whole',
};

function suspension(why: string): PluginProblem {
  return {
    what: `it was taken out: ${why}`,
    mend: 'mend it and trust the new version, or let it try again: POST /api/v1/plugins/reload',
  };
}
