import { rm } from 'node:fs/promises';
import type { EventTypeDeclaration } from '#event-model';
import { readParserSamples, type ParserSample } from '../parsers/parser-samples.js';
import type { OutsideParserSource } from '../parsers/parser-registry.js';
import { ok, type Outcome } from '../outcome.js';
import { OutsideParser, type ParserWatch } from './outside-parser.js';
import { PLUGIN_BUDGETS, PluginEnded, PluginProcess, type PluginBudgets } from './plugin-process.js';
import type { StagedPlugin } from './stage.js';

/** An outside plugin that works. */
export interface RunningPlugin {
  readonly staged: StagedPlugin;
  readonly eventType?: EventTypeDeclaration;
  readonly parser?: OutsideParserSource;
  readonly samples: readonly ParserSample[];
  /** Ends it once the blocks under way are done, and removes its copy. */
  retire(): void;
  /** Ends it now. */
  close(): Promise<void>;
}

/** For processes whose ends are nobody's concern but who asked for them. */
export const NO_WATCH: ParserWatch = { ended: () => {}, suspended: () => {} };

/** Starts a staged plugin: its process stays where it is a parser, and ends where all of it is a declaration. */
export async function runPlugin(
  staged: StagedPlugin,
  watch: ParserWatch,
  budgets: PluginBudgets = PLUGIN_BUDGETS,
): Promise<Outcome<RunningPlugin>> {
  const started = await PluginProcess.start(staged, budgets);
  if (started.problems) return started;
  const { process, declared } = started.value;
  const remove = async (): Promise<void> => rm(staged.folder, { recursive: true, force: true });
  if (staged.manifest.kind !== 'parser') {
    await process.close();
    return ok({ staged, ...declared, samples: [], retire: () => void remove(), close: remove });
  }
  const restart = async (): Promise<PluginProcess> => startAgain(staged, budgets);
  const live = new OutsideParser(staged, restart, watch, { process, closed: remove });
  const makeTrial = (): OutsideParser => makeDouble(staged, restart);
  const samples = await readParserSamples(staged.folder, staged.manifest.samples);
  const close = async (): Promise<void> => {
    await live.close();
    await remove();
  };
  return ok({ staged, parser: { live, makeTrial }, samples, retire: () => live.retire(), close });
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
  throw new PluginEnded(started.problems.map(({ what }) => what).join('; '));
}
