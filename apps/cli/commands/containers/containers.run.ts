import { createInterface } from 'node:readline/promises';
import { CliError, UsageError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import { printable } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import { checkDocker, compose } from './docker.js';
import type { EditionName, EditionPlace } from './editions.js';
import { makeSecrets, missingSecrets, removeSecrets } from './secrets.js';

export interface UpOptions {
  readonly scale?: readonly string[];
}

export interface LogsOptions {
  readonly follow?: true;
  readonly tail?: number;
  /** Of these alone; of all where there is none. */
  readonly services: readonly string[];
}

export interface CleanOptions {
  readonly yes?: true;
}

/** Makes the secrets that an edition wants. */
export async function initEdition(edition: EditionPlace): Promise<void> {
  if (edition.secrets === undefined) {
    await writeOut(`The edition ${edition.name} needs nothing made: its first start makes an admin key.\n`);
    return;
  }
  const made = await makeSecrets(edition.secrets);
  const folder = printable(edition.secrets);
  const told = made.length > 0 ? `Made in ${folder}: ${made.join(', ')}.` : `All secrets are in ${folder}.`;
  await writeOut(`${told}\nKeep that folder: without it the data of the engines can't be reached.\n`);
}

/** Builds what is not built, and starts what does not run. */
export async function startEdition(edition: EditionPlace, { scale = [] }: UpOptions): Promise<void> {
  await checkSecrets(edition);
  await checkDocker();
  const scales = scale.flatMap((each) => ['--scale', each]);
  await compose(edition, ['up', '--detach', '--build', '--remove-orphans', ...scales]);
  await writeOut(AFTER_START[edition.name]);
}

/** Stops and removes the containers; data and secrets stay. */
export async function stopEdition(edition: EditionPlace): Promise<void> {
  await checkDocker();
  await compose(edition, ['down', '--remove-orphans']);
}

/** Shows what the services wrote. */
export async function showLogs(
  edition: EditionPlace,
  { follow, tail, services }: LogsOptions,
): Promise<void> {
  await checkDocker();
  const how = [...(follow ? ['--follow'] : []), ...(tail === undefined ? [] : ['--tail', String(tail)])];
  await compose(edition, ['logs', ...how, '--', ...services]);
}

/** Shows which containers there are, and how they are. */
export async function showStatus(edition: EditionPlace): Promise<void> {
  await checkDocker();
  await compose(edition, ['ps', '--all']);
}

/** Removes containers, volumes and secrets, when that is confirmed. */
export async function cleanEdition(edition: EditionPlace, { yes }: CleanOptions): Promise<void> {
  await checkDocker();
  if (!yes && !(await isConfirmed(edition.name)))
    throw new CliError('Nothing was removed.', EXIT.failed, 'It goes on at the answer yes, or with --yes.');
  await compose(edition, ['down', '--volumes', '--remove-orphans']);
  const removed = edition.secrets === undefined ? [] : await removeSecrets(edition.secrets);
  const secrets = removed.length > 0 ? `, and ${removed.length} secrets` : '';
  await writeOut(`Removed: the containers and volumes of the edition ${edition.name}${secrets}.\n`);
}

async function checkSecrets(edition: EditionPlace): Promise<void> {
  if (edition.secrets === undefined) return;
  const missing = await missingSecrets(edition.secrets);
  if (missing.length === 0) return;
  throw new CliError(
    `Secrets are missing in ${edition.secrets}: ${missing.join(', ')}.`,
    EXIT.failed,
    `Make them: alluvium init --edition ${edition.name}. Where there is data already, put those back that it was made with.`,
  );
}

async function isConfirmed(name: EditionName): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError('clean asks before it removes anything, and there is no terminal.', 'Say --yes.');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `Every event, key and archive of the edition ${name} on this machine is lost. Go on? (yes/no) `;
    return (await asking.question(question)).trim() === 'yes';
  } finally {
    asking.close();
  }
}

/** @param secrets folder of the secrets, from the checkout's root */
function afterStart(name: EditionName, secrets: string): string {
  return `
It starts: http://127.0.0.1:8080 is ready when \`alluvium status --edition ${name}\` says healthy of api-1.
The admin key is in ${secrets}/admin_key. Grafana: http://127.0.0.1:3000, user admin, password in
${secrets}/grafana_password. Prometheus: http://127.0.0.1:9090.
`;
}

const AFTER_START: Readonly<Record<EditionName, string>> = {
  single: `
It starts: http://127.0.0.1:8080 is ready when \`alluvium status\` says healthy. The admin key:
  docker compose --project-name alluvium exec alluvium cat /data/admin.key
`,
  distributed: afterStart('distributed', 'docker/secrets'),
  cluster: afterStart('cluster', 'docker/secrets/cluster'),
};
