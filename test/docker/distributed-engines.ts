import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clickhouse } from '../../tools/engines/clickhouse.mjs';
import { kafkaJars } from '../../tools/engines/kafka-jars.mjs';
import { mongodPath } from '../../tools/engines/mongod-binary.mjs';
import { startEngine } from '../../tools/engines/start-engine.mjs';
import { versitygw } from '../../tools/engines/versitygw.mjs';
import { readCompose } from './compose-file.js';

const ROOT = join(import.meta.dirname, '../..');
const END_WITH_INPUT = join(ROOT, 'tools/engines/end-with-input.sh');
const run = promisify(execFile);

/** Where an engine's own configuration files lie, handed out as the compose file has it. */
interface Given {
  readonly directory: string;
  readonly ports: readonly number[];
  /** Folder of handed out secrets. */
  readonly handed: string;
}

/** A service of docker/compose.distributed.yml as a process on loopback, with the configuration that the file gives it. */
interface Service {
  readonly name: string;
  readonly ports: number;
  plan(given: Given): Promise<object>;
}

const answers = (port: number) => () =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(String(socket.destroy().destroyed)));
    socket.once('error', reject);
  });

const docker = (path: string): Promise<string> => readFile(join(ROOT, 'docker', path), 'utf8');

/** The same options on the memory that tests have. */
const JAVA = ['-Xmx256m', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

const kafka: Service = {
  name: 'kafka',
  ports: 2,
  async plan({ directory, ports: [port = 0, controller = 0] }) {
    const properties = (await docker('kafka/server.properties'))
      .replaceAll('localhost:9093', `127.0.0.1:${controller}`)
      .replaceAll('PLAINTEXT://:9092', `PLAINTEXT://127.0.0.1:${port}`)
      .replaceAll('kafka:9092', `127.0.0.1:${port}`)
      .replaceAll('/var/lib/kafka/data', join(directory, 'data'));
    await mkdir(directory, { recursive: true });
    const file = join(directory, 'server.properties');
    await writeFile(file, properties);
    const java = [...JAVA, '-cp', join(await kafkaJars(), '*')];
    const { CLUSTER_ID = '' } =
      (await readCompose('compose.distributed.yml')).services['kafka']?.environment ?? {};
    const format = ['format', '--ignore-formatted', '--cluster-id', CLUSTER_ID, '--config', file];
    await run('java', [...java, 'kafka.tools.StorageTool', ...format]);
    return {
      command: END_WITH_INPUT,
      args: ['java', ...java, 'kafka.Kafka', file],
      variables: {},
      startMs: 180_000,
      readVersion: answers(port),
    };
  },
};

const mongodb: Service = {
  name: 'mongodb',
  ports: 1,
  async plan({ directory, ports: [port = 0], handed }) {
    const { command = [] } = (await readCompose('compose.distributed.yml')).services['mongodb'] ?? {};
    await mkdir(join(directory, 'data'), { recursive: true });
    const flags = command
      .filter((flag) => flag !== '--bind_ip_all')
      .map((flag) => (flag.startsWith('/run/secrets/') ? join(handed, 'mongodb', flag.slice(13)) : flag));
    const own = ['--bind_ip', '127.0.0.1', '--port', String(port), '--unixSocketPrefix', directory];
    return {
      command: END_WITH_INPUT,
      args: [await mongodPath(), ...flags, ...own, '--dbpath', join(directory, 'data')],
      variables: {},
      readVersion: answers(port),
    };
  },
};

const redis: Service = {
  name: 'redis',
  ports: 1,
  async plan({ directory, ports: [port = 0], handed }) {
    const program = (await run(join(ROOT, 'tools/install-from-debian.sh'), ['redis-server'])).stdout.trim();
    await mkdir(directory, { recursive: true });
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--set-proc-title', 'no', '--dir', directory];
    return {
      command: END_WITH_INPUT,
      args: [program, join(handed, 'redis/redis.conf'), ...own],
      variables: {},
      readVersion: answers(port),
    };
  },
};

const s3: Service = {
  name: 's3',
  ports: 1,
  async plan({ directory, ports: [port = 0], handed }) {
    const { command: [text = ''] = [] } = (await readCompose('compose.distributed.yml')).services['s3'] ?? {};
    const data = join(directory, 'data');
    await mkdir(data, { recursive: true });
    const script = text
      .replaceAll('$$', '$')
      .replace('/run/secrets/secret_key', join(handed, 's3/secret_key'))
      .replace('exec versitygw', `exec ${await versitygw()}`)
      .replace(':7070', `127.0.0.1:${port}`)
      .replace('/data', data);
    return {
      command: END_WITH_INPUT,
      // The folder is what the script's own name would be: by it the process is known.
      args: ['/bin/sh', '-ec', script, data],
      variables: {},
      readVersion: async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/health`);
        if (!answer.ok) throw new Error(`/health answered ${answer.status}`);
        return 'healthy';
      },
    };
  },
};

/** It runs as a library here, so of its configuration only the users are those of the compose file. */
const clickhouseServer: Service = {
  name: 'clickhouse',
  ports: 1,
  async plan({ directory, ports, handed }) {
    const plan = await (clickhouse as unknown as Service).plan({ directory, ports, handed });
    // The library begins as a user of its own, without rights but that.
    const users = (await readFile(join(handed, 'clickhouse/users.xml'), 'utf8')).replace(
      '<users>',
      '<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota><grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants></default>',
    );
    await writeFile(join(directory, 'users.xml'), users);
    return { ...plan, readVersion: answers(ports[0] ?? 0) };
  },
};

/** The engines of the compose file. */
export interface DistributedEngines {
  /** A text of the compose file with addresses and folders of this machine in it. */
  here(text: string): string;
  stop(): Promise<void>;
}

/** Starts them all; `handed` has their secrets. */
export async function startDistributedEngines(handed: string): Promise<DistributedEngines> {
  const services = [kafka, mongodb, redis, s3, clickhouseServer];
  const started = await Promise.all(
    services.map((service) => startEngine(service as never, { handed } as never)),
  );
  const running = new Map(services.map(({ name }, nth) => [name, started[nth]]));
  const at = (name: string): string => `127.0.0.1:${running.get(name)?.ports[0]}`;
  const places: readonly (readonly [string, string])[] = [
    ['kafka:9092', at('kafka')],
    ['mongodb:27017', at('mongodb')],
    ['clickhouse:8123', at('clickhouse')],
    ['redis:6379', at('redis')],
    ['s3:7070', at('s3')],
  ];
  return {
    here: (text) => places.reduce((so, [from, to]) => so.replaceAll(from, to), text),
    async stop() {
      await Promise.all(started.map((engine) => engine.stop()));
    },
  };
}
