import type { ParserOrder } from '../parsers/made-parser.js';
import { PluginEnded, PluginProcess, type PluginBudgets } from './plugin-process.js';
import { joinedProblems } from './plugin-troubles.js';
import { decodeMessage, encodeMessage, errorOf, type Ended } from './process/messages.js';
import type { StagedPlugin } from './stage.js';

/** Starts a process of a plugin that was started before. @throws PluginEnded */
export async function startAgain(staged: StagedPlugin, budgets: PluginBudgets): Promise<PluginProcess> {
  const started = await PluginProcess.start(staged, budgets);
  if (started.problems === undefined) return started.value.process;
  throw new PluginEnded(joinedProblems(started.problems));
}

/**
 * Starts a process with a parser in it, which is ready for lines then.
 *
 * @param order what is to be made; undefined for the plugin's own parser
 * @throws PluginEnded; OptionMistakesError, or what else the plugin failed with
 */
export async function startParser(
  staged: StagedPlugin,
  budgets: PluginBudgets,
  order: ParserOrder | undefined,
): Promise<PluginProcess> {
  const started = await startAgain(staged, budgets);
  try {
    await makeInProcess(started, order, budgets);
    return started;
  } catch (error) {
    await started.close();
    throw error;
  }
}

/** Makes the parser in a process that has imported its plugin. @throws as {@link startParser} */
export async function makeInProcess(
  process: PluginProcess,
  order: ParserOrder | undefined,
  { openMs }: PluginBudgets,
): Promise<void> {
  const call = encodeMessage({ call: 'make', of: order ?? null });
  const { said } = decodeMessage<Ended>(
    await process.converse(call, { limitMs: openMs }, async () => undefined),
  );
  if ('failed' in said) throw errorOf(said.failed);
}
