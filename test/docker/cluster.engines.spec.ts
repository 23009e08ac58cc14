import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMember, readShardPlace } from '../../plugins/tier-clickhouse/server/check-server.js';
import { ServerEngine } from '../../plugins/tier-clickhouse/server/server-engine.js';
import { clickhouse } from '../../tools/engines/clickhouse.mjs';
import { freePorts } from '../../tools/engines/free-ports.mjs';
import { kafkaJars } from '../../tools/engines/kafka-jars.mjs';
import { mongodPath } from '../../tools/engines/mongod-binary.mjs';
import type { RunningEngine } from '../../tools/engines/start-engine.mjs';
import { answers, ClusterRig, type Planned } from './cluster-rig.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let rig: ClusterRig;
beforeAll(async () => {
  rig = await ClusterRig.start();
});
afterAll(() => rig?.stop());

describe('MongoDB as the edition cluster has it; no mongos runs here', () => {
  const keyed = (command: readonly string[]): readonly string[] =>
    command
      .filter((flag) => flag !== '--bind_ip_all')
      .map((flag) => flag.replace('/run/secrets/', `${rig.place('handed/mongodb')}/`));

  /** Members of a set as processes, with the flags of its services. */
  const startMembers = (names: readonly string[]): Promise<readonly RunningEngine[]> =>
    Promise.all(
      names.map((name) =>
        rig.startOne(async (directory, port) => {
          const data = join(directory, 'data');
          await mkdir(data, { recursive: true });
          const own = ['--bind_ip', '127.0.0.1', '--port', String(port), '--unixSocketPrefix', directory];
          return {
            command: join(ROOT, 'tools/engines/end-with-input.sh'),
            args: [
              ...[await mongodPath(), ...keyed(rig.compose.services[name]?.command ?? []), ...own],
              ...['--dbpath', data],
            ],
            variables: {},
            readVersion: answers(port),
          };
        }),
      ),
    );

  const environment = (service: string, members: readonly RunningEngine[]): Record<string, string> => {
    const hosts = members.map(({ ports }) => `127.0.0.1:${ports[0]}`);
    const given = Object.entries(rig.compose.services[service]?.environment ?? {}).map(([name, value]) => [
      name,
      String(value).replace('/run/secrets', rig.place('handed/mongodb-users')),
    ]);
    return {
      ...Object.fromEntries(given),
      MONGODB_LOCAL_URI: `mongodb://${hosts[0]}/?directConnection=true`,
      MONGODB_MEMBERS: hosts.join(','),
    };
  };

  async function ask<T>(
    [member]: readonly RunningEngine[],
    user: string,
    question: (client: MongoClient) => Promise<T>,
  ): Promise<T> {
    const file = user === 'admin' ? 'mongodb_admin_password' : 'mongodb_password';
    const password = (await readFile(rig.place('secrets', file), 'utf8')).trim();
    const uri = `mongodb://127.0.0.1:${member?.ports[0]}/?directConnection=true`;
    const client = new MongoClient(uri, { auth: { username: user, password } });
    try {
      return await question(client);
    } finally {
      await client.close();
    }
  }

  it('makes sets of three of config servers and of a shard, each with the users that it is to have, twice', async () => {
    const [config, shard] = await Promise.all([
      startMembers(['mongodb-config-1', 'mongodb-config-2', 'mongodb-config-3']),
      startMembers(['mongodb-2-1', 'mongodb-2-2', 'mongodb-2-3']),
    ]);
    const sets = [
      environment('mongodb-config-set', config),
      environment('mongodb-shard-2-set', shard),
    ] as const;
    for (let time = 0; time < 2; time += 1)
      expect(await Promise.all(sets.map((env) => rig.setUp('make-mongodb-users.mjs', env)))).toEqual([
        'The replica set config has its users.\n',
        'The replica set shard-2 has its users.\n',
      ]);
    const usersOf = (client: MongoClient) => client.db('admin').command({ usersInfo: 1 });
    expect((await ask(config, 'admin', usersOf))['users']).toMatchObject([
      { user: 'admin' },
      { user: 'alluvium', roles: expect.arrayContaining([{ role: 'clusterManager', db: 'admin' }]) },
    ]);
    expect((await ask(shard, 'admin', usersOf))['users']).toMatchObject([{ user: 'admin' }]);
    const setOf = (client: MongoClient) => client.db('admin').command({ replSetGetConfig: 1 });
    expect((await ask(config, 'admin', setOf))['config']).toMatchObject({ _id: 'config', configsvr: true });
    expect((await ask(shard, 'admin', setOf))['config']['members']).toHaveLength(3);

    // The router is played by nobody: what a member answers that is none is told with the setting to mend.
    const told = rig.setUp('make-mongodb-shards.mjs', {
      ...environment('mongodb-shards', shard),
      MONGODB_URI: `mongodb://127.0.0.1:${shard[0]?.ports[0]}/?directConnection=true`,
    });
    await expect(told).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MONGODB_URI names no router (mongos).'),
    });
  }, 180_000);

  it('says what is wrong with the settings of what sets it up', async () => {
    const env = environment('mongodb-shards', []);
    await expect(rig.setUp('make-mongodb-shards.mjs', { ...env, MONGODB_SHARDS: '' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MONGODB_SHARDS names no shard'),
    });
    const kind = { ...environment('mongodb-config-set', []), MONGODB_SET_KIND: 'arbiter' };
    await expect(rig.setUp('make-mongodb-users.mjs', kind)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MONGODB_SET_KIND is one of data, config, shard, and not arbiter.'),
    });
  });

  it('names every set, and every member of it, by the services that there are', () => {
    const services = Object.keys(rig.compose.services);
    const { MONGODB_SHARDS = '' } = rig.compose.services['mongodb-shards']?.environment ?? {};
    const shards = MONGODB_SHARDS.split(' ').map((each) => each.split('/') as [string, string]);
    expect(shards.map(([set]) => set)).toEqual(['shard-1', 'shard-2', 'shard-3']);
    const sets = [...shards, ['config', rig.compose.services['mongos-1']?.command?.[1]?.split('/')[1] ?? '']];
    for (const [set = '', members = ''] of sets) {
      const hosts = members.split(',').map((each) => each.split(':')[0] ?? '');
      expect(hosts).toHaveLength(3);
      for (const host of hosts) {
        expect(services).toContain(host);
        expect(rig.compose.services[host]?.command).toEqual(expect.arrayContaining(['--replSet', set]));
      }
      const maker = rig.compose.services[set === 'config' ? 'mongodb-config-set' : `mongodb-${set}-set`];
      expect(maker?.environment).toMatchObject({ MONGODB_SET: set, MONGODB_MEMBERS: members });
      expect(maker?.['network_mode']).toBe(`service:${hosts[0]}`);
    }
  });
});

describe('ClickHouse as the edition cluster has it', () => {
  it('has three shards by its own configuration, and a user with all grants that the appliance wants', async () => {
    const tcp = await freePorts(3);
    const password = (await readFile(rig.place('secrets/clickhouse_password'), 'utf8')).trim();
    const cluster = (await readFile(join(ROOT, 'docker/clickhouse/cluster.xml'), 'utf8'))
      .replace('/run/secrets/', `${rig.place('handed/clickhouse')}/`)
      .replace(
        /<host>clickhouse-(\d)<\/host>\s*<port>9000<\/port>/g,
        (_, n: string) => `<host>127.0.0.1</host><port>${tcp[Number(n) - 1]}</port>`,
      );
    const servers = await Promise.all(
      tcp.map((port) =>
        rig.startOne(async (directory, http) => {
          const plan = await (clickhouse as unknown as Planned).plan({
            ...{ directory, ports: [http] },
            cluster: { name: 'unused', secret: 'x', shards: tcp, port },
          });
          // The library begins as a user of its own, without rights but that.
          const users = (await readFile(rig.place('handed/clickhouse/users.xml'), 'utf8')).replace(
            '<users>',
            '<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota><grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants></default>',
          );
          await writeFile(join(directory, 'users.xml'), users);
          await mkdir(join(directory, 'config.d'));
          await writeFile(join(directory, 'config.d/cluster.xml'), cluster);
          return { ...plan, readVersion: answers(http) };
        }),
      ),
    );
    const places = await Promise.all(
      servers.map(async ({ ports }) => {
        const server = { url: `http://127.0.0.1:${ports[0]}`, user: 'alluvium' };
        const engine = new ServerEngine({ ...server, password: () => password, concurrency: 4 });
        try {
          await checkMember(engine, server);
          // Each answers for all three, who trust it by their secret.
          for (const statement of [
            'CREATE DATABASE tenant_a',
            "CREATE TABLE tenant_a.all (user String) ENGINE = Distributed('events', 'system', 'processes')",
          ])
            await engine.run(statement, { lane: 'write' });
          const asked = 'SELECT uniqExact(_shard_num) AS n FROM tenant_a.all';
          expect((await engine.run(asked, { lane: 'read' })).rows()).toEqual([{ n: '3' }]);
          return await readShardPlace(engine, server, 'events');
        } finally {
          await engine.close();
        }
      }),
    );
    expect(places).toEqual([1, 2, 3].map((shard) => ({ shard, shards: 3 })));
  }, 120_000);
});

describe('Kafka as the edition cluster has it', () => {
  it('takes the configuration of each broker, as its own program for storage does', async () => {
    const jars = join(await kafkaJars(), '*');
    const { CLUSTER_ID = '' } = rig.compose.services['kafka-1']?.environment ?? {};
    const text = await readFile(join(ROOT, 'docker/kafka/cluster.properties'), 'utf8');
    for (const name of ['kafka-1', 'kafka-2', 'kafka-3']) {
      const { NODE = '' } = rig.compose.services[name]?.environment ?? {};
      expect(name).toBe(`kafka-${NODE}`);
      const file = rig.place(`${name}.properties`);
      const own = text.replaceAll('@NODE@', NODE).replace('/var/lib/kafka/data', rig.place(name));
      await writeFile(file, own);
      const format = ['format', '--ignore-formatted', '--cluster-id', CLUSTER_ID, '--config', file];
      const { stdout } = await run('java', ['-Xmx256m', '-cp', jars, 'kafka.tools.StorageTool', ...format]);
      expect(stdout).toContain('Formatting');
      expect(await readFile(rig.place(name, 'meta.properties'), 'utf8')).toContain(`node.id=${NODE}`);
    }
  }, 120_000);
});
