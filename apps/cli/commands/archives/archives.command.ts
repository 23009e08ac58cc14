import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import type { ArchivesOptions, AttachOptions } from './archives.run.js';
import { makeCompact } from './compact.command.js';
import { makeDecrypt } from './decrypt/decrypt.command.js';
import { makeRestore, makeRestored, makeUnload } from './restore.command.js';
import { makeTrash, makeUndelete } from './trash.command.js';

const MORE = `
Examples:
  alluvium archives attach old-checkout --place old --stream checkout --dry-run
                                          what it would bring, and what of it is refused; attaches nothing
  alluvium archives attach old-checkout --place old --stream checkout
                                          make it a read-only stream; nothing is copied
  alluvium search timeout --stream old-checkout --from 2024-01-01T00:00:00Z
  alluvium archives detach old-checkout   forget it; the archive stays where it is
  alluvium archives restore checkout --from 2024-01-01T00:00:00Z --to 2024-01-03T00:00:00Z
                                          copy these days into a stream of their own, for a week
  alluvium archives decrypt data/archives ./clear
                                          make encrypted files into Parquet for other programs
  alluvium archives compact --dry-run     small files of days with late events that would be merged
  alluvium archives trash                 what policies deleted and can be brought back
`;

const ATTACH_MORE = `
Places are named by ALLUVIUM_ARCHIVE_ATTACHABLE of the server; "archive" is where it keeps its own. Ends with 5 where parts of
the archive are refused in a dry run.

Example:
  alluvium archives attach old-checkout --place old --stream checkout --dry-run
`;

/** `archives`, which lists what is attached, and what attaches, detaches and restores. */
export function makeArchivesCommand(): Command {
  return new Command('archives')
    .description('attach archives as read-only streams, restore events out of them, bring deleted days back')
    .addCommand(makeAttached(), { isDefault: true })
    .addCommand(makeAttach())
    .addCommand(makeDetach())
    .addCommand(makeRestore())
    .addCommand(makeRestored())
    .addCommand(makeUnload())
    .addCommand(makeDecrypt())
    .addCommand(makeCompact())
    .addCommand(makeTrash())
    .addCommand(makeUndelete())
    .addHelpText('after', MORE);
}

function makeAttached(): Command {
  const command = new Command('attached')
    .description('list what is attached, and the places of more; the same as archives alone')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: ArchivesOptions) => {
      const { listAttached } = await import('./archives.run.js');
      await listAttached(options);
    });
}

function makeAttach(): Command {
  const command = new Command('attach')
    .argument('<name>', 'name of the stream that it becomes')
    .description('attach an archive as a read-only stream')
    .option('--place <name>', 'the place that it lies in', 'archive')
    .option('--stream <name>', 'the stream that it is of, there; default: the same name')
    .option('--skip-refused', 'attach the rest where days of it are refused')
    .option('--dry-run', 'say what it would bring, and attach nothing')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', ATTACH_MORE)
    .action(async (name: string, options: AttachOptions) => {
      const { attachArchive } = await import('./archives.run.js');
      await attachArchive(name, options);
    });
}

function makeDetach(): Command {
  const command = new Command('detach')
    .argument('<name>', 'name of the attached stream')
    .description('forget an attached archive, which stays as it is')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (name: string, options: ArchivesOptions) => {
      const { detachArchive } = await import('./archives.run.js');
      await detachArchive(name, options);
    });
}
