// What the suites of engines run on, and what no engine here can show: printed with their results, never counted as passed.
import { clickhouse } from './clickhouse.mjs';
import { redis } from './redis.mjs';
import { VERSION as KAFKA_VERSION } from './kafka-jars.mjs';
import { startEngine } from './start-engine.mjs';

const NOT_SHOWN = [
  'a ClickHouse server: ON CLUSTER, replicas, Keeper (the library that it comes from has none of them)',
  'a ClickHouse server: an older version than the one above (there is one only)',
  'a ClickHouse server: what fsync keeps when the power fails (a killed process keeps it anyway)',
];
const REDIS_NOT_SHOWN = [
  'Redis: a master that Sentinels replace, and TLS (the options are tested, no server has them)',
];
/** Where the server runs elsewhere its process isn't ours to kill, and its user has the grants that it has. */
const NOT_SHOWN_ELSEWHERE = [
  'a ClickHouse server: kill -9 of the server in a load',
  'a ClickHouse server: a user who lacks grants',
];

/** The lines that say so. */
export async function describeTopology({ CLICKHOUSE_URL: url, REDIS_URL: redisUrl } = process.env) {
  const where = url ? `CLICKHOUSE_URL, ${url}` : `its own, ${await ownVersion(clickhouse)}, one process`;
  const cases = url ? [...NOT_SHOWN, ...NOT_SHOWN_ELSEWHERE] : NOT_SHOWN;
  return [
    kafkaLine(),
    `engines: ClickHouse server: ${where}`,
    `engines: Redis: ${redisUrl ? `REDIS_URL, ${redisUrl}` : `its own, ${await ownVersion(redis)}, one process`}`,
    ...[...cases, ...REDIS_NOT_SHOWN].map((each) => `not shown here: ${each}`),
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
