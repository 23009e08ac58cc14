import 'reflect-metadata';
import { formatProblem, loadSettings, SettingsError } from '#app-config';
import { AlluviumError } from '#event-model';
import { start } from './start.js';

const USAGE = 'The server takes no options; it is set up by its environment. See: alluvium start --help\n';

/** Exit statuses: 0 ended in order, 1 failed, 2 wrong call or settings. */
async function main(args: readonly string[]): Promise<number | undefined> {
  if (args[0] === 'migrate') return (await import('./migrate.js')).runMigrate(args);
  if (args.length !== 1 || args[0] !== 'start') {
    process.stderr.write(`alluvium: unknown arguments "${args.slice(1).join(' ')}".\n${USAGE}`);
    return 2;
  }
  try {
    await start(loadSettings());
    return undefined;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return error instanceof SettingsError ? 2 : 1;
  }
}

/** An error of ours says what to do; any other is shown with its stack. */
function explain(error: unknown): string {
  if (error instanceof SettingsError)
    return ['alluvium: the settings have problems:', ...error.problems.map(formatProblem)].join('\n');
  if (error instanceof AlluviumError) return `alluvium: ${error.message} (${error.code})`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const status = await main(process.argv.slice(2));
if (status !== undefined) process.exit(status);
