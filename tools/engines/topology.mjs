// What the suites of engines run on, and what no engine here can show: printed with their results, never counted as passed.
import { clickhouse } from './clickhouse.mjs';
import { startEngine } from './start-engine.mjs';

const NOT_SHOWN = [
  'a ClickHouse server: ON CLUSTER, replicas, Keeper (the library that it comes from has none of them)',
  'a ClickHouse server: an older version than the one above (there is one only)',
  'a ClickHouse server: what fsync keeps when the power fails (a killed process keeps it anyway)',
];
/** Where the server runs elsewhere its process isn't ours to kill, and its user has the grants that it has. */
const NOT_SHOWN_ELSEWHERE = [
  'a ClickHouse server: kill -9 of the server in a load',
  'a ClickHouse server: a user who lacks grants',
];

/** The lines that say so. */
export async function describeTopology({ CLICKHOUSE_URL: url } = process.env) {
  const where = url ? `CLICKHOUSE_URL, ${url}` : `its own, ${await ownVersion()}, one process`;
  const cases = url ? [...NOT_SHOWN, ...NOT_SHOWN_ELSEWHERE] : NOT_SHOWN;
  return [`engines: ClickHouse server: ${where}`, ...cases.map((each) => `not shown here: ${each}`)];
}

async function ownVersion() {
  const engine = await startEngine(clickhouse);
  await engine.stop();
  return `version ${engine.version}`;
}
