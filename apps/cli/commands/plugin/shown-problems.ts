import { stat } from 'node:fs/promises';
import type { PluginProblem } from '#plugin-kit';
import { CliError, UsageError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import { printable } from '../../output/printable.js';

/** Option of every command about plugins. */
export interface JsonOption {
  readonly json?: true;
}

/** Problems for people: what, and how to mend it, a line each. */
export function shownProblems(problems: readonly PluginProblem[]): string {
  return problems
    .map(({ what, mend }) => `✗ ${printable(what)}\n  to mend it: ${printable(mend)}\n`)
    .join('');
}

/** @throws UsageError where there is no such folder */
export async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new UsageError(
      `There is no folder ${folder}.`,
      'Name the folder of a plugin, such as ./plugins/parser-bars.',
    );
}

/** The end of a command whose plugin has problems; the first says what, all were printed before. */
export function notAsItShould(folder: string): CliError {
  return new CliError(`The plugin in ${folder} is not as it should be; see above.`, EXIT.failed);
}
