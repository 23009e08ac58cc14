import { Command } from 'commander';
import { makeArchivesCommand } from './commands/archives/archives.command.js';
import { makeAuditCommand } from './commands/audit/audit.command.js';
import { makeBackupCommand } from './commands/backup/backup.command.js';
import { makeCompletionCommand } from './commands/completion/completion.command.js';
import {
  makeCleanCommand,
  makeDownCommand,
  makeInitCommand,
  makeLogsCommand,
  makeStatusCommand,
  makeUpCommand,
} from './commands/containers/containers.command.js';
import { makeExportCommand } from './commands/export/export.command.js';
import { makeKeysCommand } from './commands/keys/keys.command.js';
import { makeMigrateCommand, type Migrate } from './commands/migrate/migrate.command.js';
import { makeRestoreCommand } from './commands/restore/restore.command.js';
import { makeRetentionCommand } from './commands/retention/retention.command.js';
import { makeSearchCommand } from './commands/search/search.command.js';
import { makeSendCommand } from './commands/send/send.command.js';
import { makeDoctorCommand } from './commands/doctor/doctor.command.js';
import { makeGenerateCommand } from './commands/generate/generate.command.js';
import { makePluginCommand } from './commands/plugin/plugin.command.js';
import { makeStartCommand } from './commands/start/start.command.js';
import { readVersion } from '#app-config/version';

const MORE = `
Examples:
  alluvium start                                 start the server
  alluvium send app.ndjson                       send a file of events
  alluvium search 'level:error' --from now-1h    find events
  alluvium COMMAND --help                        all about a command

A command reaches the server at ALLUVIUM_URL (http://127.0.0.1:8080), with the key in ALLUVIUM_KEY or in the file that
ALLUVIUM_KEY_FILE names; without them, on the server's own machine, with the admin key of its data directory.
`;

/** The whole command line. Each command loads what it needs when it runs, so that help comes at once. */
export function makeProgram(): Command {
  const program = new Command('alluvium')
    .description('Alluvium: a self-hosted event and log appliance.')
    .version(readVersion(), '-V, --version', 'print the version')
    .addHelpText('after', MORE);
  for (const make of COMMANDS) program.addCommand(make());
  return prepare(program);
}

/** The one command that the server's program runs. */
export function makeMigrateProgram(migrate: Migrate): Command {
  return prepare(new Command('alluvium').addCommand(makeMigrateCommand(migrate)));
}

/** In the order of the help. */
const COMMANDS: readonly (() => Command)[] = [
  makeStartCommand,
  makeSendCommand,
  makeSearchCommand,
  makeExportCommand,
  makeKeysCommand,
  makeAuditCommand,
  makeRetentionCommand,
  makeArchivesCommand,
  makeBackupCommand,
  makeRestoreCommand,
  makeMigrateCommand,
  makePluginCommand,
  makeGenerateCommand,
  makeDoctorCommand,
  makeInitCommand,
  makeUpCommand,
  makeDownCommand,
  makeLogsCommand,
  makeStatusCommand,
  makeCleanCommand,
  makeCompletionCommand,
];

/** What holds for every command: errors are thrown, help is offered, a name stands before each message. */
function prepare(command: Command): Command {
  command
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError(`  See: ${fullName(command)} --help`)
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'alluvium: ')),
    });
  for (const child of command.commands) prepare(child);
  return command;
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
