import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause } from './appliance-process.js';
import { freePort } from './free-port.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The proxy that stands before the processes with the role `api`. */
export interface RunningProxy {
  /** Where clients come. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a real HAProxy on loopback with the configuration of the compose file; resolves when it is alive.
 *
 * @param directory gets its configuration
 * @param apis addresses of the processes, by the names that the configuration has for them
 */
export async function startHaproxy(
  directory: string,
  apis: Readonly<Record<string, string>>,
): Promise<RunningProxy> {
  const [port, alive] = [await freePort(), await freePort()];
  const text = await readFile(join(ROOT, 'docker/proxy/haproxy.cfg'), 'utf8');
  const config = Object.entries(apis)
    .reduce((so, [name, url]) => so.replace(`${name}:8080`, new URL(url).host), text)
    .replace('bind :8080', `bind 127.0.0.1:${port}`)
    .replace('bind :8404', `bind 127.0.0.1:${alive}`);
  const file = join(directory, 'haproxy.cfg');
  await writeFile(file, config);
  const program = (await run(join(ROOT, 'tools/install-from-debian.sh'), ['haproxy'])).stdout.trim();
  const child = spawn(program, ['-f', file], { stdio: 'ignore' });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');
  while (!(await isAlive(`http://127.0.0.1:${alive}/alive`))) await pause(50);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      process.removeListener('exit', kill);
      kill();
      await exited;
    },
  };
}

function isAlive(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
