import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import type { CompactOptions } from './compact.run.js';

const MORE = `
Late events make one more file of their day with each run of retention. Each hour the small files of days that have
archive.compact_files (4) of them are merged into one; every event is found once all the while.

Examples:
  alluvium archives compact --dry-run     what would be merged, and what was and is still there
  alluvium archives compact               merge it now
`;

/** `archives compact`. */
export function makeCompact(): Command {
  const command = new Command('compact')
    .description('merge the small files of days that late events left in the archive')
    .option('--dry-run', 'say what would be merged, and merge nothing')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: CompactOptions) => {
      const { compactArchives } = await import('./compact.run.js');
      await compactArchives(options);
    });
}
