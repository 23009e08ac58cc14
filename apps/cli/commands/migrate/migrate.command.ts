import { Argument, Command } from 'commander';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';

const MORE = `
It is called with the settings of the appliance that is to go on (MONGODB_URI, CLICKHOUSE_URL, KAFKA_BROKERS, S3_BUCKET …), where the
directory of the old one is, which is stopped. The new one must not have been started yet.

What it does:
  start     copies the catalogue and refused events; when it says so, start the new appliance: it takes events at once. Then it goes on and moves
            history into the archive, the newest day first, each day compared event by event. Until a day is there, questions
            about its time are answered 503 history_on_its_way. Broken off, it is called again and goes on.
  status    says how far it is.
  confirm   says that all is well: the old directory may be deleted.
  back-out  lets the old appliance start again on its directory, which is as it was.

Examples:
  alluvium migrate /var/lib/alluvium --dry-run
  alluvium migrate /var/lib/alluvium
  alluvium migrate /var/lib/alluvium status
  alluvium migrate /var/lib/alluvium confirm

docs/guide/migrate.md has all of it.
`;

/** What a move can be asked for. */
export const MIGRATE_ACTIONS = ['start', 'status', 'confirm', 'back-out'] as const;
export type MigrateAction = (typeof MIGRATE_ACTIONS)[number];

export interface MigrateOptions {
  readonly dryRun?: boolean;
  readonly leaveQuarantine?: boolean;
}

/** Does it; the server's program brings it, since it opens engines. */
export type Migrate = (directory: string, action: MigrateAction, options: MigrateOptions) => Promise<void>;

/** Moves the data directory of an embedded appliance to servers. */
export function makeMigrateCommand(migrate: Migrate = byLauncher): Command {
  return new Command('migrate')
    .argument('<directory>', 'the data directory of the old appliance, which is stopped')
    .addArgument(new Argument('[action]', 'what to do').choices(MIGRATE_ACTIONS).default('start'))
    .description('move an appliance from its data directory to servers')
    .option('--dry-run', 'say what would be moved, and what stands in the way; change nothing')
    .option('--leave-quarantine', 'leave refused events behind, in the quarantine of the old directory')
    .addHelpText('after', MORE)
    .action((directory: string, action: MigrateAction, options: MigrateOptions) =>
      migrate(directory, action, options),
    );
}

const byLauncher: Migrate = async () => {
  throw new CliError(
    'A move has to be started by the launcher.',
    EXIT.usage,
    'Run bin/alluvium migrate: it sets what the engines need before Node runs.',
  );
};
