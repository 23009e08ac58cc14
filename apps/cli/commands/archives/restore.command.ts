import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import { wholeNumber } from '../../output/number-option.js';
import type { ArchivesOptions } from './archives.run.js';
import type { RestoreOptions } from './restore.run.js';

const MOST_DAYS = 3_650;

const MORE = `
Waits until all events are there; the job goes on in the server where this command is ended: see alluvium archives restored.

Examples:
  alluvium archives restore web --from 2025-06-01T00:00:00Z --to 2025-06-02T00:00:00Z --dry-run
  alluvium archives restore web --from 2025-06-01T00:00:00Z --to 2025-06-02T00:00:00Z --name web-june --days 30
`;

/** `archives restore`. */
export function makeRestore(): Command {
  const command = new Command('restore')
    .argument('<stream>', 'the stream whose archive has the events')
    .description('copy events out of an archive into a stream of their own, for a while')
    .requiredOption('--from <time>', 'days with events then or later')
    .requiredOption('--to <time>', 'days with events before')
    .option('--name <name>', 'of the stream that they come into')
    .option('--days <number>', 'then it is taken away again', wholeNumber(1, MOST_DAYS), 7)
    .option('--dry-run', 'say what it would bring and take, and begin nothing')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (stream: string, options: RestoreOptions) => {
      const { restoreEvents } = await import('./restore.run.js');
      await restoreEvents(stream, options);
    });
}

/** `archives restored`. */
export function makeRestored(): Command {
  const command = new Command('restored')
    .description('list the streams that were restored, and when they go')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: ArchivesOptions) => {
      const { listRestored } = await import('./restore.run.js');
      await listRestored(options);
    });
}

/** `archives unload`. */
export function makeUnload(): Command {
  const command = new Command('unload')
    .argument('<name>', 'name of the restored stream')
    .description('take a restored stream away before its end, or cancel its restoring')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (name: string, options: ArchivesOptions) => {
      const { unloadStream } = await import('./restore.run.js');
      await unloadStream(name, options);
    });
}
