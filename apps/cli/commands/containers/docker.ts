import { spawn } from 'node:child_process';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import type { EditionPlace } from './editions.js';

/** The oldest Docker Compose that has all that the compose files say. */
const OLDEST_COMPOSE = [2, 20] as const;

/** How a program ends that Ctrl-C ended. */
const BY_CTRL_C = 130;

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Sees that Docker can be worked with.
 *
 * @throws CliError that says what is missing, and what to do
 */
export async function checkDocker(): Promise<void> {
  const compose = await ask(['compose', 'version', '--short']);
  if (compose.code !== 0)
    throw new CliError(
      'docker has no command compose.',
      EXIT.failed,
      'Install the plugin of Docker Compose, version 2.20 or newer: on Debian and Ubuntu the package docker-compose-plugin.',
    );
  checkVersion(compose.stdout.trim());
  const daemon = await ask(['version', '--format', '{{.Server.Version}}']);
  if (daemon.code !== 0) throw noDaemon(daemon.stderr);
}

/**
 * Runs `docker compose` on the file of an edition, with its output on ours.
 *
 * @throws CliError where it fails; it has said why itself
 */
export async function compose(edition: EditionPlace, args: readonly string[]): Promise<void> {
  const code = await new Promise<number | null>((resolve, reject) => {
    const all = ['compose', '--file', edition.compose, ...args];
    // Ctrl-C reaches both; what ends is up to docker.
    const ignore = (): void => undefined;
    process.on('SIGINT', ignore);
    const child = spawn('docker', all, { stdio: 'inherit' });
    child.once('error', reject).once('close', (ended, signal) => {
      process.off('SIGINT', ignore);
      resolve(signal === 'SIGINT' ? BY_CTRL_C : ended);
    });
  });
  if (code === 0) return;
  if (code === BY_CTRL_C) {
    process.exitCode = BY_CTRL_C;
    return;
  }
  throw new CliError(
    `docker compose ${args[0]} ended with ${code ?? 'a signal'}.`,
    EXIT.failed,
    `What it wrote says why. alluvium status --edition ${edition.name} shows what runs.`,
  );
}

function ask(args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (error: NodeJS.ErrnoException) => reject(notThere(error)));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function notThere(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') return error;
  return new CliError(
    'docker is not there, or may not be run.',
    EXIT.failed,
    'Install Docker Engine with its plugin Compose, or see that docker is in PATH. Without containers: alluvium start.',
    { cause: error },
  );
}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_COMPOSE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new CliError(
    `Docker Compose ${version === '' ? 'of an unknown version' : version} is too old.`,
    EXIT.failed,
    `Upgrade it to ${OLDEST_COMPOSE.join('.')} or newer.`,
  );
}

function noDaemon(said: string): CliError {
  if (/permission denied/i.test(said))
    return new CliError(
      'This user may not speak to the daemon of Docker.',
      EXIT.failed,
      'Call it as root, or as a user of the group docker.',
    );
  return new CliError(
    'The daemon of Docker does not answer.',
    EXIT.failed,
    'Start it (systemctl start docker, or Docker Desktop); DOCKER_HOST names one elsewhere.',
  );
}
