import { rm } from 'node:fs/promises';
import type { EventTypeDeclaration } from '#event-model';
import type { InputPlugin, NotifierPlugin, PluginManifest, PluginProblem } from '#plugin-kit';
import { readParserSamples, type ParserSample } from '../parsers/parser-samples.js';
import type { OutsideParserSource, ParserKind } from '../parsers/made-parser.js';
import { failed, ok, type Outcome } from '../outcome.js';
import type { HostedEnricherPlugin } from '../enrichers/hosted-enricher.js';
import type { HostedTierPlugin, TierPlace } from '../tiers/hosted-tier.js';
import { OutsideInputs } from './inputs/outside-inputs.js';
import { outsideEnricher } from './outside-enricher.js';
import { outsideNotifier } from './outside-notifier.js';
import { OutsideObjects } from './outside-objects.js';
import { OutsideParsers } from './outside-parsers.js';
import { OutsideTier } from './outside-tier.js';
import { PLUGIN_BUDGETS, PluginProcess, type PluginBudgets } from './plugin-process.js';
import type { LivePlugin, PluginWatch } from './plugin-watch.js';
import type { Declared } from './process/declared.js';
import type { StagedPlugin } from './stage.js';
import { makeInProcess, startAgain, startParser } from './start-parser.js';

/** An outside plugin that works. */
export interface RunningPlugin {
  readonly staged: StagedPlugin;
  readonly eventType?: EventTypeDeclaration;
  /** Its own; absent where it only makes others. */
  readonly parser?: OutsideParserSource;
  /** Where admins can make parsers of it. */
  readonly parserKind?: ParserKind;
  readonly enricher?: HostedEnricherPlugin;
  readonly notifier?: NotifierPlugin;
  readonly unitTier?: HostedTierPlugin;
  readonly input?: InputPlugin;
  readonly samples: readonly ParserSample[];
  /** What of it runs; absent where all of it is a declaration. */
  readonly live?: LivePlugin;
  /** Ends it once what is under way is done, and removes its copy. */
  retire(): void;
  /** Ends it now. */
  close(): Promise<void>;
}

export interface RunOptions {
  readonly budgets?: PluginBudgets | undefined;
  /** What settings say of a tier, by its plugin's manifest. */
  readonly placeOf?: PlaceOfTier | undefined;
}

export type PlaceOfTier = (manifest: PluginManifest) => TierPlace;

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
  { budgets = PLUGIN_BUDGETS, placeOf = noPlace }: RunOptions = {},
): Promise<Outcome<RunningPlugin>> {
  const started = await PluginProcess.start(staged, budgets);
  if (started.problems) return started;
  const { process, declared } = started.value;
  const removeCopy = async (): Promise<void> => rm(staged.folder, { recursive: true, force: true });
  const start = async (): Promise<PluginProcess> => startAgain(staged, budgets);
  const parts = { staged, watch, budgets, start, removeCopy };
  const { kind } = staged.manifest;
  if (kind === 'parser') return runParser(parts, process, declared);
  await process.close();
  if (kind === 'input') return ok(runInputs(parts));
  if (kind === 'enricher' || kind === 'notifier') return ok(runObjects(parts, kind));
  if (kind === 'tier') return ok(runTier(parts, placeOf));
  const { eventType } = declared;
  const own = { staged, ...(eventType && { eventType }), samples: [] };
  return ok({ ...own, retire: () => void removeCopy(), close: removeCopy });
}

async function runParser(
  { staged, watch, budgets, removeCopy }: RunParts,
  process: PluginProcess,
  { parser: form = { isTemplate: false, standsAlone: true } }: Declared,
): Promise<Outcome<RunningPlugin>> {
  const live = new OutsideParsers({
    ...{ staged, watch, removeCopy },
    start: (order) => startParser(staged, budgets, order),
  });
  try {
    if (form.standsAlone) await makeInProcess(process, undefined, budgets);
    else await process.close();
  } catch (error) {
    await process.close();
    return failed([notStarted(error)]);
  }
  const samples = await readParserSamples(staged.folder, staged.manifest.samples);
  return ok({
    ...{ staged, samples, live },
    ...(form.standsAlone && { parser: live.own(process) }),
    ...(form.isTemplate && { parserKind: live.kind() }),
    retire: () => live.retire(),
    close: () => live.close(),
  });
}

function notStarted(error: unknown): PluginProblem {
  const why = error instanceof Error ? error.message : String(error);
  return { what: `its process ended once it was imported: ${why}`, mend: 'mend what its end says' };
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
  const close = closing(objects, removeCopy);
  return { staged, ...brought, samples: [], live: objects, retire: () => objects.retire(), close };
}

function runTier(
  { staged, start, watch, budgets, removeCopy }: RunParts,
  placeOf: PlaceOfTier,
): RunningPlugin {
  const objects = new OutsideObjects({ staged, start, watch, budgets }, removeCopy);
  const { manifest } = staged;
  const tier = new OutsideTier(manifest, objects, () => placeOf(manifest));
  const close = closing(objects, removeCopy);
  // Nobody holds it longer than for a call.
  const retire = (): void => void tier.close().then(close);
  return { staged, unitTier: { manifest, tier }, samples: [], live: objects, retire, close };
}

function closing(objects: OutsideObjects, removeCopy: () => Promise<void>): () => Promise<void> {
  return async () => {
    await objects.close();
    await removeCopy();
  };
}

function noPlace({ name }: PluginManifest): never {
  throw new Error(`Nothing says where ${name} keeps its units.`);
}

function runInputs({ staged, watch, budgets, removeCopy }: RunParts): RunningPlugin {
  const live = new OutsideInputs(staged, budgets, watch, removeCopy);
  const close = async (): Promise<void> => {
    await live.close();
    await removeCopy();
  };
  return { staged, input: live.plugin, samples: [], live, retire: () => live.retire(), close };
}
