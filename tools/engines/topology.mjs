// What the suites of engines run on, and what no engine here can show: printed with their results, never counted as passed.
import { clickhouse } from './clickhouse.mjs';
import { redis } from './redis.mjs';
import { s3 } from './s3.mjs';
import { VERSION as KAFKA_VERSION } from './kafka-jars.mjs';
import { VERSION as MONGOD_VERSION } from './mongod-binary.mjs';
import { startEngine } from './start-engine.mjs';

const NOT_SHOWN = [
  'ClickHouse: ON CLUSTER, replicas, Keeper (the library that the servers come from has none of them)',
  'a ClickHouse server: an older version than the one above (there is one only)',
  'a ClickHouse server: what fsync keeps when the power fails (a killed process keeps it anyway)',
];
const REDIS_NOT_SHOWN = [
  'Redis: a master that Sentinels replace, and TLS (the options are tested, no server has them)',
];
const S3_NOT_SHOWN = [
  'S3: lifecycle rules, replication, the regions and roles of AWS (versitygw has none of them; the options are tested)',
];
const S3_NOT_SHOWN_ELSEWHERE = [
  'S3: kill -9 of the store in a put',
  'S3: TLS, buckets by the name of their host',
];
const MONGODB_NOT_SHOWN = [
  'MongoDB: mongos and shards, versions 7.0 and 8.0 (there is one mongod only, of 6.0)',
  'MongoDB: what its journal keeps when the power fails (a killed process keeps it anyway)',
];
/** Where the server runs elsewhere its process isn't ours to kill, and its user has the grants that it has. */
const NOT_SHOWN_ELSEWHERE = [
  'a ClickHouse server: kill -9 of the server in a load',
  'a ClickHouse server: a user who lacks grants',
  'the distributed oracle: it kills engines (npm run oracle -- --edition distributed starts its own)',
];

/** The lines that say so. */
export async function describeTopology(
  { CLICKHOUSE_URL: url, REDIS_URL: redisUrl, S3_ENDPOINT: endpoint } = process.env,
) {
  const where = url
    ? `CLICKHOUSE_URL, ${url}`
    : `its own, ${await ownVersion(clickhouse)}, one process, and a cluster of two shards`;
  const cases = url ? [...NOT_SHOWN, ...NOT_SHOWN_ELSEWHERE] : NOT_SHOWN;
  return [
    kafkaLine(),
    mongodbLine(),
    `engines: ClickHouse server: ${where}`,
    `engines: Redis: ${redisUrl ? `REDIS_URL, ${redisUrl}` : `its own, ${await ownVersion(redis)}, one process`}`,
    `engines: S3: ${endpoint ? `S3_ENDPOINT, ${endpoint}` : `its own, ${await ownVersion(s3)}, one process`}`,
    ...[
      ...cases,
      ...MONGODB_NOT_SHOWN,
      ...REDIS_NOT_SHOWN,
      ...S3_NOT_SHOWN,
      ...(endpoint ? S3_NOT_SHOWN_ELSEWHERE : []),
    ].map((each) => `not shown here: ${each}`),
  ];
}

async function ownVersion(kind) {
  const engine = await startEngine(kind);
  await engine.stop();
  return `version ${engine.version}`;
}

function kafkaLine() {
  const { KAFKA_BROKERS: brokers } = process.env;
  return `engines: Kafka: ${brokers ? `KAFKA_BROKERS, ${brokers}; not shown there: kill -9 of brokers` : `its own, version ${KAFKA_VERSION}, one broker and a cluster of three`}`;
}

function mongodbLine() {
  const { MONGODB_URI: uri } = process.env;
  return `engines: MongoDB: ${uri ? `MONGODB_URI, ${uri}; not shown there: kill -9, SIGSTOP and other users` : `its own, version ${MONGOD_VERSION}, replica sets of one and of three`}`;
}
