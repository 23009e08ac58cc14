import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('clickhouse-server.py', import.meta.url));
const LIBRARIES = ['linux-x64-gnu', 'linux-arm64-gnu', 'darwin-arm64', 'darwin-x64'];
const USER = 'alluvium';
const ALL = 'GRANT ALL ON *.*';
/** Keeps the server up: it ends with its first query. Some four months. */
const SLEEP =
  'SELECT sleepEachRow(1) FROM numbers(10000000) SETTINGS max_block_size = 1, max_execution_time = 0, function_sleep_max_microseconds_per_block = 60000000000 FORMAT Null';

/**
 * A ClickHouse server out of the library that the embedded edition has anyway (npm package `chdb`, pinned by the lockfile):
 * the real HTTP handler, users and grants. It has no Keeper, no replication and no ON CLUSTER.
 */
export const clickhouse = {
  name: 'clickhouse',
  about: 'ClickHouse server over HTTP, from the library of the npm package chdb; needs python3',
  ports: 1,

  /**
   * What to start. `users` are those besides the one of `variables`, who may do everything: each with a password and the
   * grants that it has. In a `cluster` it listens on a port for the others too.
   */
  async plan({ directory, ports: [port], users = [], password = randomBytes(12).toString('hex'), cluster }) {
    const config = join(directory, 'config.xml');
    const usersFile = join(directory, 'users.xml');
    await mkdir(directory, { recursive: true });
    await writeFile(usersFile, usersXml([{ name: USER, password, grants: [ALL] }, ...users]));
    await writeFile(
      config,
      `<clickhouse><user_directories><users_xml><path>${usersFile}</path></users_xml></user_directories>${cluster ? clusterXml(cluster) : ''}</clickhouse>\n`,
    );
    const flags = {
      ...{ 'config-file': config, path: join(directory, 'data'), http_port: port },
      ...(cluster && { tcp_port: cluster.port }),
    };
    const listen = ['HTTP', ...(cluster ? ['TCP'] : [])]
      .map((kind) => `SYSTEM START LISTEN ${kind}; `)
      .join('');
    const args = Object.entries({ ...flags, listen_host: '127.0.0.1' }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]);
    const url = `http://127.0.0.1:${port}`;
    return {
      command: 'python3',
      args: [LAUNCHER, libraryPath(), ...args, '--query', `${listen}${SLEEP}`],
      variables: { CLICKHOUSE_URL: url, CLICKHOUSE_USER: USER, CLICKHOUSE_PASSWORD: password },
      readVersion: () => readVersion(url, password),
    };
  },
};

/** Shards of one server each, who trust each other by a secret. */
function clusterXml({ name, secret, shards }) {
  const replica = (port) => `<replica><host>127.0.0.1</host><port>${port}</port></replica>`;
  const all = shards.map(
    (port) => `<shard><internal_replication>true</internal_replication>${replica(port)}</shard>`,
  );
  return `<remote_servers><${name}><secret>${secret}</secret>${all.join('')}</${name}></remote_servers>`;
}

/** The version of the server, once it answers. */
async function readVersion(url, password) {
  const headers = { 'X-ClickHouse-User': USER, 'X-ClickHouse-Key': password };
  const body = 'SELECT version()';
  const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(2_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text.slice(0, 500));
  return text.trim();
}

function libraryPath() {
  const require = createRequire(createRequire(import.meta.url).resolve('chdb'));
  for (const name of LIBRARIES)
    try {
      const path = join(dirname(require.resolve(`@chdb/lib-${name}/package.json`)), 'libchdb.so');
      if (existsSync(path)) return path;
    } catch {
      // Only the library of this system is installed.
    }
  throw new Error(`chdb's library for this system is not in node_modules: run npm ci.`);
}

/** The engine's own first query is of `default`, who may do nothing else. */
function usersXml(users) {
  const own = userXml({ name: 'default', password: '', grants: ['GRANT SYSTEM LISTEN ON *.*'] });
  const all = [own, ...users.map(userXml)].join('\n');
  return `<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users>${all}</users></clickhouse>\n`;
}

function userXml({ name, password, grants }) {
  const queries = grants.map((grant) => `<query>${grant}</query>`).join('');
  return `<${name}><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota><grants>${queries}</grants></${name}>`;
}
