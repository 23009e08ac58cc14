import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import type { TrashOptions, UndeleteOptions } from './trash.run.js';

const MORE = `
What a policy deletes out of the archive stays in its trash for archive.trash_hours (a day by default), where no search finds it.

Examples:
  alluvium archives trash                 what can be brought back, and until when
  alluvium archives undelete web --from 2025-06-01T00:00:00Z --to 2025-06-03T00:00:00Z
  alluvium archives trash --empty         delete it for good now, but what a hold keeps
`;

/** `archives trash`. */
export function makeTrash(): Command {
  const command = new Command('trash')
    .description('list what was deleted out of archives and can be brought back')
    .option('--empty', 'delete it for good now, but what a hold keeps')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: TrashOptions) => {
      const { showTrash } = await import('./trash.run.js');
      await showTrash(options);
    });
}

/** `archives undelete`. */
export function makeUndelete(): Command {
  const command = new Command('undelete')
    .argument('<stream>', 'the stream whose archive had the days')
    .description('bring deleted days of an archive back')
    .requiredOption('--from <time>', 'days with events then or later')
    .requiredOption('--to <time>', 'days with events before')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (stream: string, options: UndeleteOptions) => {
      const { undeleteDays } = await import('./trash.run.js');
      await undeleteDays(stream, options);
    });
}
