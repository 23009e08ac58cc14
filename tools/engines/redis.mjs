import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const END_WITH_INPUT = fileURLToPath(new URL('end-with-input.sh', import.meta.url));
const INSTALL = fileURLToPath(new URL('../install-from-debian.sh', import.meta.url));
const ANSWER_MS = 2_000;

/** One Redis as Debian packages it; what was written is on disk when it is killed. */
export const redis = {
  name: 'redis',
  about: 'Redis with a password; Debian’s redis-server, which is fetched where there is none',
  ports: 1,

  /** What to start. `conf` are further lines of its configuration. */
  async plan({ directory, ports: [port], password = randomBytes(12).toString('hex'), conf = [] }) {
    const command = execFileSync(INSTALL, ['redis-server'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
    await mkdir(directory, { recursive: true });
    const path = join(directory, 'redis.conf');
    await writeFile(path, `${[...lines({ directory, port, password }), ...conf].join('\n')}\n`, {
      mode: 0o600,
    });
    return {
      command: END_WITH_INPUT,
      args: [command, path],
      variables: { REDIS_URL: `redis://127.0.0.1:${port}`, REDIS_PASSWORD: password },
      readVersion: () => readVersion(port, password),
    };
  },
};

function lines({ directory, port, password }) {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${directory}`,
    `requirepass ${password}`,
    'save ""',
    'appendonly yes',
    'maxmemory-policy noeviction',
    // Its arguments name its folder, by which it is known for the one that was started.
    'set-proc-title no',
  ];
}

/** The version of the server, once it answers. */
async function readVersion(port, password) {
  const answer = await ask(port, `AUTH ${password}\r\nINFO server\r\nQUIT\r\n`);
  const version = /^redis_version:(\S+)/m.exec(answer)?.[1];
  if (!version) throw new Error(answer.slice(0, 500));
  return version;
}

function ask(port, commands) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(commands));
    socket.setEncoding('utf8').on('data', (text) => (answer += text));
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
    socket.once('error', reject).once('end', () => resolve(answer));
  });
}
