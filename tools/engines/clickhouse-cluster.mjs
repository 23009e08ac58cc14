import { randomBytes } from 'node:crypto';
import { clickhouse } from './clickhouse.mjs';
import { freePorts } from './free-ports.mjs';
import { startEngine } from './start-engine.mjs';

/** The cluster's name in each server's settings. */
export const CLUSTER = 'shards';

/** Starts servers that are a shard each of one cluster; `options` are those of each server. */
export async function startClickHouseCluster(count, options = {}) {
  const ports = await freePorts(count);
  const secret = randomBytes(12).toString('hex');
  const started = await Promise.allSettled(
    ports.map((port) =>
      startEngine(clickhouse, { ...options, cluster: { name: CLUSTER, secret, shards: ports, port } }),
    ),
  );
  const engines = started.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const failed = started.find((end) => end.status === 'rejected');
  if (failed) {
    await Promise.all(engines.map((engine) => engine.stop()));
    throw failed.reason;
  }
  return engines;
}
