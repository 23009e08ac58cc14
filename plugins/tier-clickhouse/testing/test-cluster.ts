import { randomBytes } from 'node:crypto';
import type { ShardKey, TierCluster, TierServer } from '#plugin-kit';
import { CLUSTER, startClickHouseCluster } from '../../../tools/engines/clickhouse-cluster.mjs';
import type { RunningEngine } from '../../../tools/engines/start-engine.mjs';
import { CLUSTER_GRANTS, GRANTS } from '../server/grants.js';

/** Two ClickHouse servers of this test run's own, a shard each, and a user of both who has what the guide says and no more. */
export interface TestCluster extends TierServer {
  readonly engines: readonly RunningEngine[];
  readonly urls: readonly string[];
  readonly name: string;
  readonly cluster: TierCluster;
  stop(): Promise<void>;
}

export async function startTestCluster(shardKey: ShardKey = 'batch'): Promise<TestCluster> {
  const password = randomBytes(12).toString('hex');
  const grants = [...GRANTS, ...CLUSTER_GRANTS].map((grant) => `GRANT ${grant}`);
  const engines = await startClickHouseCluster(2, { users: [{ name: 'writer', password, grants }] });
  const urls = engines.map(({ variables }) => String(variables['CLICKHOUSE_URL']));
  return {
    ...{ engines, urls, name: CLUSTER, url: String(urls[0]), user: 'writer' },
    password: () => password,
    // The other way round than the shards' numbers, which are the servers' own to tell.
    cluster: { name: CLUSTER, urls: urls.toReversed(), shardKeyOf: () => shardKey },
    stop: async () => void (await Promise.all(engines.map((engine) => engine.stop()))),
  };
}
