import { rm } from 'node:fs/promises';
import type { EventTypeDeclaration } from '#event-model';
import type { InputPlugin, NotifierPlugin } from '#plugin-kit';
import { readParserSamples, type ParserSample } from '../parsers/parser-samples.js';
import type { OutsideParserSource } from '../parsers/parser-registry.js';
import { ok, type Outcome } from '../outcome.js';
import type { HostedEnricherPlugin } from '../enrichers/hosted-enricher.js';
import { OutsideInputs } from './inputs/outside-inputs.js';
import { outsideEnricher } from './outside-enricher.js';
import { outsideNotifier } from './outside-notifier.js';
import { OutsideObjects } from './outside-objects.js';
import { OutsideParser } from './outside-parser.js';
import { PLUGIN_BUDGETS, PluginEnded, PluginProcess, type PluginBudgets } from './plugin-process.js';
import { joinedProblems } from './plugin-troubles.js';
import { NO_WATCH, type LivePlugin, type PluginWatch } from './plugin-watch.js';
import type { StagedPlugin } from './stage.js';

/** An outside plugin that works. */
export interface RunningPlugin {
  readonly staged: StagedPlugin;
  readonly eventType?: EventTypeDeclaration;
  readonly parser?: OutsideParserSource;
  readonly enricher?: HostedEnricherPlugin;
  readonly notifier?: NotifierPlugin;
  readonly input?: InputPlugin;
  readonly samples: readonly ParserSample[];
  /** What of it runs; absent where all of it is a declaration. */
  readonly live?: LivePlugin;
  /** Ends it once what is under way is done, and removes its copy. */
  retire(): void;
  /** Ends it now. */
  close(): Promise<void>;
}

/** What a plugin is made to run with. */
interface RunParts {
  readonly staged: StagedPlugin;
  readonly watch: PluginWatch;
  readonly budgets: PluginBudgets;
  /** Starts a process of it. */
  readonly start: () => Promise<PluginProcess>;
  readonly removeCopy: () => Promise<void>;
}

/** Starts a staged plugin: its process stays where it is a parser, and ends where more are started when they are needed. */
export async function runPlugin(
  staged: StagedPlugin,
  watch: PluginWatch,
  budgets: PluginBudgets = PLUGIN_BUDGETS,
): Promise<Outcome<RunningPlugin>> {
  const started = await PluginProcess.start(staged, budgets);
  if (started.problems) return started;
  const { process, declared } = started.value;
  const removeCopy = async (): Promise<void> => rm(staged.folder, { recursive: true, force: true });
  const start = async (): Promise<PluginProcess> => startAgain(staged, budgets);
  const parts = { staged, watch, budgets, start, removeCopy };
  const { kind } = staged.manifest;
  if (kind === 'parser') return ok(await runParser(parts, process));
  await process.close();
  if (kind === 'input') return ok(runInputs(parts));
  if (kind === 'enricher' || kind === 'notifier') return ok(runObjects(parts, kind));
  return ok({ staged, ...declared, samples: [], retire: () => void removeCopy(), close: removeCopy });
}

async function runParser(
  { staged, start, watch, removeCopy }: RunParts,
  process: PluginProcess,
): Promise<RunningPlugin> {
  const live = new OutsideParser(staged, start, watch, { process, closed: removeCopy });
  const makeTrial = (): OutsideParser => makeDouble(staged, start);
  const samples = await readParserSamples(staged.folder, staged.manifest.samples);
  const close = async (): Promise<void> => {
    await live.close();
    await removeCopy();
  };
  return { staged, parser: { live, makeTrial }, samples, live, retire: () => live.retire(), close };
}

function runObjects(
  { staged, start, watch, budgets, removeCopy }: RunParts,
  kind: 'enricher' | 'notifier',
): RunningPlugin {
  const objects = new OutsideObjects({ staged, start, watch, budgets }, removeCopy);
  const { manifest } = staged;
  const brought =
    kind === 'enricher'
      ? { enricher: outsideEnricher(manifest, objects) }
      : { notifier: outsideNotifier(manifest, objects) };
  const close = async (): Promise<void> => {
    await objects.close();
    await removeCopy();
  };
  return { staged, ...brought, samples: [], live: objects, retire: () => objects.retire(), close };
}

function runInputs({ staged, watch, budgets, removeCopy }: RunParts): RunningPlugin {
  const live = new OutsideInputs(staged, budgets, watch, removeCopy);
  const close = async (): Promise<void> => {
    await live.close();
    await removeCopy();
  };
  return { staged, input: live.plugin, samples: [], live, retire: () => live.retire(), close };
}

/** A double ends as soon as who tried it lets it go. */
function makeDouble(staged: StagedPlugin, restart: () => Promise<PluginProcess>): OutsideParser {
  const double = new OutsideParser(staged, restart, NO_WATCH);
  double.retire();
  return double;
}

async function startAgain(staged: StagedPlugin, budgets: PluginBudgets): Promise<PluginProcess> {
  const started = await PluginProcess.start(staged, budgets);
  if (started.problems === undefined) return started.value.process;
  throw new PluginEnded(joinedProblems(started.problems));
}
