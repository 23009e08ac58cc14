// Gives each service of docker/compose.distributed.yml its secrets, and no other one: hand-out-secrets.mjs FROM TO; with a third
// argument `cluster` those of docker/compose.cluster.yml.
// FROM has the files that `alluvium init` made, readable for whoever made them; in TO each service has a folder of its own (a
// volume), of the user that it runs as. Runs before anything else, as root with the capabilities to read those files and to give them away.
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from, to, edition = 'distributed'] = process.argv.slice(2);
const isCluster = edition === 'cluster';

/** A service's user and group, and its files: how each is made of the secrets. */
const SERVICES = {
  alluvium: {
    owner: [1000, 1000],
    files: {
      admin_key: () => secret('admin_key'),
      clickhouse_password: () => secret('clickhouse_password'),
      mongodb_password: () => secret('mongodb_password'),
      redis_password: () => secret('redis_password'),
      s3_secret_key: () => secret('s3_secret_key'),
    },
  },
  clickhouse: {
    owner: [101, 101],
    files: {
      'users.xml': () => clickhouseUsers(),
      ...(isCluster && { 'cluster.xml': () => clickhouseCluster() }),
    },
  },
  grafana: { owner: [472, 0], files: { admin_password: () => secret('grafana_password') } },
  mongodb: { owner: [999, 999], files: { set_key: () => secret('mongodb_set_key') } },
  'mongodb-users': {
    owner: [1000, 1000],
    files: {
      mongodb_admin_password: () => secret('mongodb_admin_password'),
      mongodb_password: () => secret('mongodb_password'),
    },
  },
  // Its key is made by the appliance, and put there by make-metrics-key.mjs: by the user of alluvium, for this group.
  prometheus: { owner: [1000, 65534], files: {}, mode: 0o2750 },
  redis: { owner: [999, 1000], files: { 'redis.conf': () => redisConfiguration() } },
  s3: { owner: [1000, 1000], files: { secret_key: () => secret('s3_secret_key') } },
  // Its image has no folder for data, whose owner a new volume would take.
  's3-data': { owner: [1000, 1000], files: {}, mode: 0o700 },
};

function secret(name) {
  const text = readFileSync(join(from, name), 'utf8').trim();
  if (!/^[\w-]{20,}$/.test(text))
    throw new Error(
      `The secret ${name} is not one of \`alluvium init\`: 20 or more of letters, digits, "_" and "-".`,
    );
  return text;
}

/** What docs/guide/clickhouse-server.md has the user be granted, and no other user. */
function clickhouseUsers() {
  const hash = createHash('sha256').update(secret('clickhouse_password')).digest('hex');
  const grants = [
    'CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, TRUNCATE, ALTER, SHOW, SELECT, INSERT ON `tenant_`*.*',
    ...[
      'MergeTree',
      'AggregatingMergeTree',
      'Memory',
      'Merge',
      'Null',
      ...(isCluster ? ['Distributed'] : []),
    ].map((name) => `TABLE ENGINE ON ${name}`),
    'CREATE TEMPORARY TABLE ON *.*',
    ...['tables', 'parts', 'merges', 'processes', ...(isCluster ? ['clusters'] : [])].map(
      (name) => `SELECT ON system.${name}`,
    ),
  ];
  const queries = grants.map((grant) => `<query>GRANT ${grant}</query>`).join('\n      ');
  return `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users>
    <alluvium>
      <password_sha256_hex>${hash}</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
      ${queries}
      </grants>
    </alluvium>
  </users>
</clickhouse>
`;
}

/** The secret by which shards trust each other: made of the password that all of them know, and saying nothing about it. */
function clickhouseCluster() {
  const hash = createHash('sha256')
    .update(`cluster ${secret('clickhouse_password')}`)
    .digest('hex');
  return `<clickhouse><cluster_secret>${hash}</cluster_secret></clickhouse>\n`;
}

/** It has alarm clocks only, which are set again when it comes back empty. */
function redisConfiguration() {
  return [
    'port 6379',
    `requirepass ${secret('redis_password')}`,
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** Only root can give files away; as anybody else they are that user's. */
function own(path, [user, group]) {
  if (process.getuid() === 0) chownSync(path, user, group);
}

function handOut(service, { owner, files, mode = 0o500 }) {
  const folder = join(to, service);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  for (const [name, make] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, make(), { mode: 0o400 });
    own(`${path}.new`, owner);
    // Whole or not at all, and over one of another user.
    renameSync(`${path}.new`, path);
  }
  own(folder, owner);
  // Behind the owner, whose change may take the bit of the group away.
  chmodSync(folder, mode);
}

try {
  for (const [service, plan] of Object.entries(SERVICES)) handOut(service, plan);
  console.log(`The secrets are handed out to ${Object.keys(SERVICES).join(', ')}.`);
} catch (error) {
  console.error(`The secrets were not handed out: ${error.message}`);
  if (error.code === 'ENOENT') console.error(`Make them first: alluvium init --edition ${edition}`);
  process.exitCode = 1;
}
