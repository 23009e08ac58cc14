import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import type { MakeOptions } from './make-backup.run.js';
import type { PlaceOptions } from './read-backups.run.js';

const MORE = `
A place is a directory, or s3://bucket/folder, which is reached by the settings of S3 (S3_ENDPOINT, S3_ACCESS_KEY_ID …).
Backups that are encrypted are read with the key in ALLUVIUM_BACKUP_KEY, or in the file that ALLUVIUM_BACKUP_KEY_FILE names.

Examples:
  alluvium backup                            have the server back itself up, and wait
  alluvium backup list /backups              the backups that there are
  alluvium backup verify /backups            read all of the newest one back
  alluvium restore /backups /var/lib/new     restore the newest one into an empty directory
docs/guide/backup.md has the whole way.
`;

const MAKE_MORE = `
The server puts it to the place that its setting ALLUVIUM_BACKUP_DIR names; a place that is given here must be that one. It
goes on accepting events meanwhile. The backup goes on in the server where this command is ended.

Example:
  alluvium backup /backups
`;

const LIST_MORE = `
Ends with 5 where one can't be read: it is damaged, or of another key.

Example:
  alluvium backup list /backups --json | jq -r .id
`;

const VERIFY_MORE = `
Ends with 1 where something is missing or damaged.

Example:
  alluvium backup verify s3://bucket/backups
`;

/** `backup`, which makes one, and `backup list` and `verify`, which need no server. */
export function makeBackupCommand(): Command {
  return new Command('backup')
    .description('back up the whole appliance while it runs; list and verify backups')
    .addCommand(makeMake(), { isDefault: true })
    .addCommand(makeList())
    .addCommand(makeVerify())
    .addHelpText('after', MORE);
}

function makeMake(): Command {
  const command = new Command('make')
    .argument('[place]', 'where the server is set to put it')
    .description('have the server back itself up; the same as backup alone')
    .option('--json', 'print the backup as JSON');
  return addServerOptions(command)
    .addHelpText('after', MAKE_MORE)
    .action(async (place: string | undefined, options: MakeOptions) => {
      const { makeBackup } = await import('./make-backup.run.js');
      await makeBackup(place, options);
    });
}

function makeList(): Command {
  return new Command('list')
    .argument('<place>', 'a directory, or s3://bucket/folder')
    .description('list the backups of a place, the newest first')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', LIST_MORE)
    .action(async (place: string, options: PlaceOptions) => {
      const { listBackups } = await import('./read-backups.run.js');
      await listBackups(place, options);
    });
}

function makeVerify(): Command {
  return new Command('verify')
    .argument('<place>', 'a directory, or s3://bucket/folder')
    .description('read a backup back, every byte of it, and tell what is missing or damaged')
    .option('--backup <id>', 'this one; the newest where none is named')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', VERIFY_MORE)
    .action(async (place: string, options: PlaceOptions & { readonly backup?: string }) => {
      const { verifyBackups } = await import('./read-backups.run.js');
      await verifyBackups(place, options);
    });
}
