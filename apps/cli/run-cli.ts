import { CommanderError, type Command } from 'commander';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-codes.js';
import { printable } from './output/printable.js';

/** Where a command writes what is no result: progress, notes, errors. */
export type WriteNote = (text: string) => void;

/**
 * Runs one call of the program. Errors that a user can mend are told in two lines, others with their stack.
 *
 * @param program made by makeProgram
 * @param args what stands behind the program's name
 * @returns the status to end with; undefined where the command set `process.exitCode` or none is needed.
 */
export async function runCli(
  program: Command,
  args: readonly string[],
  note: WriteNote = (text) => void process.stderr.write(text),
): Promise<number | undefined> {
  try {
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 && error.code !== 'commander.help' ? 0 : EXIT.usage;
    note(explain(error));
    return error instanceof CliError ? error.exit : EXIT.failed;
  }
}

/** The words for an error. Its text may quote a server or a file, so it is made fit for a terminal. */
function explain(error: unknown): string {
  if (!(error instanceof CliError)) return `alluvium: ${stackOf(error)}\n`;
  const mend = error.mend === undefined ? '' : `  ${printable(error.mend)}\n`;
  return `alluvium: ${printable(error.message)}\n${mend}`;
}

function stackOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.split('\n').map(printable).join('\n');
}
