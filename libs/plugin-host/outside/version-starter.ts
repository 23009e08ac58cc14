import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventTypeDeclaration } from '#event-model';
import { eventTypeChangeProblems, type PluginProblem } from '#plugin-kit';
import type { PluginFolder } from '../discover-plugins.js';
import { failed, ok, type Outcome } from '../outcome.js';
import type { OnParserFailure } from '../parsers/verdict.js';
import type { OpenedVersion } from '../versions/parser-versions.js';
import type { FoundPlugin } from './found-plugin.js';
import { openOutsideParser } from './outside-line-parser.js';
import { CHANGED, NEEDS_OPTIONS, NO_PARSER } from './plugin-troubles.js';
import type { PluginBudgets } from './plugin-process.js';
import { NO_WATCH, type PluginWatch } from './plugin-watch.js';
import { runPlugin, type PlaceOfTier, type RunningPlugin } from './running-plugin.js';
import { stagePlugin, type StagedPlugin } from './stage.js';
import type { VersionStore } from './version-store.js';

export interface VersionStarterOptions {
  /** Where copies of what runs are kept; emptied at first use. */
  readonly stageDirectory: string;
  /** What is declared already, by name. */
  readonly eventTypes: ReadonlyMap<string, EventTypeDeclaration>;
  readonly watch: PluginWatch;
  readonly budgets?: PluginBudgets;
  /** What settings say of tiers. */
  readonly placeOf?: PlaceOfTier;
}

/** Makes versions of plugins run: each from a copy that has the hash that was asked for. */
export class VersionStarter {
  #copies = 0;

  constructor(
    private readonly options: VersionStarterOptions,
    private readonly store: VersionStore,
  ) {}

  /** Starts a version from its folder, or from what is kept of it. */
  async start({ folder, sha256: own }: FoundPlugin, sha256: string): Promise<Outcome<RunningPlugin>> {
    const kept = await this.store.folderOf(folder.name, sha256);
    const places = [...(own === sha256 ? [folder] : []), ...(kept.problems ? [] : [kept.value])];
    let last: Outcome<RunningPlugin> = failed(kept.problems ?? []);
    for (const place of places) {
      last = await this.#startFrom(place, sha256);
      // What is kept has the bytes that the folder had when it was hashed.
      if (last.problems?.[0] !== CHANGED) return last;
    }
    return last;
  }

  /** Makes a version that is kept parse lines of a trial, in a process of its own that ends when that is closed. */
  async open(plugin: string, sha256: string, failures: OnParserFailure): Promise<Outcome<OpenedVersion>> {
    const kept = await this.store.folderOf(plugin, sha256);
    if (kept.problems) return kept;
    const staged = await this.#stage(kept.value, sha256);
    if (staged.problems) return staged;
    const started = await runPlugin(staged.value, NO_WATCH, this.options);
    if (started.problems) return this.#drop(staged.value, started.problems);
    const parser = started.value.parser?.live;
    if (!parser) return this.#drop(staged.value, [started.value.parserKind ? NEEDS_OPTIONS : NO_PARSER]);
    const parse = openOutsideParser(parser, failures, 'try');
    // It is held until it is closed, and ends then.
    started.value.retire();
    return ok({ parse, suspended: () => parser.suspended });
  }

  async #startFrom(folder: PluginFolder, sha256: string): Promise<Outcome<RunningPlugin>> {
    const staged = await this.#stage(folder, sha256);
    if (staged.problems) return staged;
    const started = await runPlugin(staged.value, this.options.watch, this.options);
    const problems = started.problems ?? this.#typeProblems(started.value);
    return problems.length === 0 ? started : this.#drop(staged.value, problems);
  }

  async #drop({ folder }: StagedPlugin, problems: readonly PluginProblem[]): Promise<Outcome<never>> {
    await rm(folder, { recursive: true, force: true });
    return failed(problems);
  }

  async #stage(folder: PluginFolder, sha256: string): Promise<Outcome<StagedPlugin>> {
    const staged = await stagePlugin(folder, await this.#nextCopy(folder.name));
    if (staged.problems || staged.value.sha256 === sha256) return staged;
    return this.#drop(staged.value, [CHANGED]);
  }

  /** Tables that are there get what is new; a declaration that would make them again is refused. */
  #typeProblems({ eventType }: RunningPlugin): readonly PluginProblem[] {
    const known = eventType && this.options.eventTypes.get(eventType.name);
    return known && eventType ? eventTypeChangeProblems(known, eventType) : [];
  }

  async #nextCopy(name: string): Promise<string> {
    const { stageDirectory } = this.options;
    if (this.#copies === 0) await rm(stageDirectory, { recursive: true, force: true });
    await mkdir(stageDirectory, { recursive: true, mode: 0o700 });
    this.#copies += 1;
    return join(stageDirectory, `${name}.${this.#copies}`);
  }
}
