import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../../output/number-option.js';
import type { CleanOptions, LogsOptions, UpOptions } from './containers.run.js';
import { EDITIONS, findEdition, type EditionName } from './editions.js';

const INIT_MORE = `
Passwords of the engines, the admin key and that of Grafana are made in docker/secrets (of the edition cluster in
docker/secrets/cluster), for you alone to read. What is there already stays as it is. Nothing of it is printed.

Examples:
  alluvium init --edition distributed
  alluvium init --edition cluster
`;

const UP_MORE = `
Builds the image and starts what does not run yet, by docker compose: docker/compose.yml,
docker/compose.distributed.yml or docker/compose.cluster.yml. Called again, it takes over what was changed.

Examples:
  alluvium up
  alluvium init --edition distributed && alluvium up --edition distributed
  alluvium up --edition distributed --scale worker=4
  alluvium init --edition cluster && alluvium up --edition cluster
`;

const DOWN_MORE = `
What was accepted is kept: volumes and secrets stay, and the next \`alluvium up\` goes on with them.

Example:
  alluvium down --edition distributed
`;

const LOGS_MORE = `
Examples:
  alluvium logs --follow
  alluvium logs --edition distributed worker scheduler --tail 100
`;

const STATUS_MORE = `
Example:
  alluvium status --edition distributed
`;

const CLEAN_MORE = `
Removes the containers, the volumes with every event, key and archive in them, and the edition's secrets. It asks first.

Examples:
  alluvium clean
  alluvium clean --edition distributed --yes
`;

interface EditionOptions {
  readonly edition: EditionName;
}

/** `init`. */
export function makeInitCommand(): Command {
  return withEdition('init', 'make the secrets of the containers', INIT_MORE).action(
    async (options: EditionOptions) => {
      const { initEdition } = await import('./containers.run.js');
      await initEdition(findEdition(options.edition));
    },
  );
}

/** `up`. */
export function makeUpCommand(): Command {
  return withEdition('up', 'start the appliance in containers', UP_MORE)
    .option('--scale <service=number>', 'so many containers of a service; may be repeated', gatherScale)
    .action(async (options: EditionOptions & UpOptions) => {
      const { startEdition } = await import('./containers.run.js');
      await startEdition(findEdition(options.edition), options);
    });
}

/** `down`. */
export function makeDownCommand(): Command {
  return withEdition('down', 'stop the containers; their data stays', DOWN_MORE).action(
    async (options: EditionOptions) => {
      const { stopEdition } = await import('./containers.run.js');
      await stopEdition(findEdition(options.edition));
    },
  );
}

/** `logs`. */
export function makeLogsCommand(): Command {
  return withEdition('logs', 'show what the containers wrote', LOGS_MORE)
    .argument('[service...]', 'only these services')
    .option('-f, --follow', 'go on with what comes')
    .option('--tail <lines>', 'only the last lines of each', wholeNumber(0, 1_000_000))
    .action(async (services: readonly string[], options: EditionOptions & Omit<LogsOptions, 'services'>) => {
      const { showLogs } = await import('./containers.run.js');
      await showLogs(findEdition(options.edition), { ...options, services });
    });
}

/** `status`. */
export function makeStatusCommand(): Command {
  return withEdition('status', 'show which containers there are, and how they are', STATUS_MORE).action(
    async (options: EditionOptions) => {
      const { showStatus } = await import('./containers.run.js');
      await showStatus(findEdition(options.edition));
    },
  );
}

/** `clean`. */
export function makeCleanCommand(): Command {
  return withEdition('clean', 'remove containers, their data and secrets', CLEAN_MORE)
    .option('--yes', 'do not ask')
    .action(async (options: EditionOptions & CleanOptions) => {
      const { cleanEdition } = await import('./containers.run.js');
      await cleanEdition(findEdition(options.edition), options);
    });
}

function withEdition(name: string, description: string, more: string): Command {
  const names = EDITIONS.map((edition) => edition.name);
  const about = 'single: one process; distributed: several, on engines; cluster: on clusters of engines';
  const edition = new Option('--edition <name>', about).choices(names).default(names[0]);
  return new Command(name).description(description).addOption(edition).addHelpText('after', more);
}

function gatherScale(value: string, before: readonly string[] = []): readonly string[] {
  if (!/^[a-z][a-z0-9-]*=\d{1,3}$/.test(value))
    throw new InvalidArgumentError('It has the form service=number, such as worker=4.');
  return [...before, value];
}
