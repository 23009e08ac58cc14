import { Command } from 'commander';

const MORE = `
Needs no server. The directory must be empty, or not be there yet; every byte is checked before it is written, and no server
starts on the directory before all of it is there. Encrypted backups need their key (ALLUVIUM_BACKUP_KEY_FILE).

Examples:
  alluvium restore /backups /var/lib/alluvium
  alluvium restore s3://bucket/backups ./restored --backup 20261123t021500000z-5f0e6a52
Then start a server on it: ALLUVIUM_DATA_DIR=./restored alluvium start
`;

/** Makes a data directory of a backup. */
export function makeRestoreCommand(): Command {
  return new Command('restore')
    .argument('<place>', 'where the backups are: a directory, or s3://bucket/folder')
    .argument('<directory>', 'an empty directory, or one that is made')
    .description('restore a backup into an empty directory')
    .option('--backup <id>', 'this one; the newest where none is named')
    .addHelpText('after', MORE)
    .action(async (place: string, directory: string, options: { readonly backup?: string }) => {
      const { restore } = await import('./restore.run.js');
      await restore(place, directory, options);
    });
}
