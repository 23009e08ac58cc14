import { TierError } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { quoteName } from '../schema/names.js';
import { CLUSTER_GRANTS, GRANTS } from './grants.js';
import type { ServerName } from './server-errors.js';

/** Oldest version that the tests have run on. */
const OLDEST = { major: 26, minor: 7 };

/**
 * Whether a server can be worked with.
 *
 * @throws TierError `unavailable`: what is missing may be mended while this process runs
 */
export async function checkServer(
  engine: Engine,
  server: ServerName,
  grants: readonly string[] = GRANTS,
): Promise<void> {
  const [row] = (await engine.run('SELECT version() AS version', { lane: 'read' })).rows<{
    version: string;
  }>();
  refuseOld(String(row?.version), server);
  for (const grant of grants) await checkGrant(engine, grant, server);
}

const SHARD_TABLES =
  "SELECT count() AS n FROM system.tables WHERE startsWith(database, 'tenant_') AND name = 'distributed_quarantine'";

/**
 * The same of a server that is to have all events: of a shard alone, those of the others would be missing without a word.
 *
 * @throws TierError `unavailable`
 */
export async function checkAlone(engine: Engine, server: ServerName): Promise<void> {
  await checkServer(engine, server);
  const [row] = (await engine.run(SHARD_TABLES, { lane: 'read' })).rows<{ n: string }>();
  if (Number(row?.n) === 0) return;
  throw new TierError(
    'unavailable',
    `The ClickHouse server at ${server.url} has one shard of the events of a cluster: set CLICKHOUSE_CLUSTER to the cluster's name and CLICKHOUSE_URL to a server of each of its shards.`,
  );
}

interface ShardRow {
  readonly shard: number | string;
  readonly own: number | string;
}

/** Which shard of the cluster a server is, from 1, and how many there are. */
export interface ShardPlace {
  readonly shard: number;
  readonly shards: number;
}

/**
 * Reads from the server's own settings which shard it is.
 *
 * @throws TierError `unavailable` with the setting to mend
 */
export async function readShardPlace(
  engine: Engine,
  { url }: ServerName,
  cluster: string,
): Promise<ShardPlace> {
  const statement =
    'SELECT shard_num AS shard, is_local AS own FROM system.clusters WHERE cluster = {cluster:String}';
  const result = await engine.run(statement, { lane: 'read', parameters: { cluster } });
  const rows = result.rows<ShardRow>();
  const at = `The ClickHouse server at ${url}`;
  const shards = new Set(rows.map(({ shard }) => Number(shard))).size;
  const own = rows.find((row) => Number(row.own) === 1);
  if (shards === 0)
    throw new TierError(
      'unavailable',
      `${at} knows no cluster ${quoteName(cluster)}: set CLICKHOUSE_CLUSTER to one of its remote_servers, or add it there.`,
    );
  if (rows.length !== shards)
    throw new TierError(
      'unavailable',
      `${at} has several replicas of a shard of the cluster ${quoteName(cluster)}, and events are kept on one server of each shard: set CLICKHOUSE_CLUSTER to a cluster whose shards have one replica each.`,
    );
  if (!own)
    throw new TierError(
      'unavailable',
      `${at} is no member of the cluster ${quoteName(cluster)} by its own remote_servers: set CLICKHOUSE_URL to members of CLICKHOUSE_CLUSTER, or the host and tcp_port of its replica to its own.`,
    );
  return { shard: Number(own.shard), shards };
}

/** The check of a member of a cluster. */
export function checkMember(engine: Engine, server: ServerName): Promise<void> {
  return checkServer(engine, server, [...GRANTS, ...CLUSTER_GRANTS]);
}

function refuseOld(version: string, { url }: ServerName): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new TierError(
    'unavailable',
    `The ClickHouse server at ${url} is of version ${version}, and ${OLDEST.major}.${OLDEST.minor} or newer is needed: upgrade it, or set CLICKHOUSE_URL to another.`,
  );
}

async function checkGrant(engine: Engine, grant: string, { url, user }: ServerName): Promise<void> {
  const [row] = (await engine.run(`CHECK GRANT ${grant}`, { lane: 'read' })).rows<{
    result: number | string;
  }>();
  if (Number(row?.result) === 1) return;
  throw new TierError(
    'unavailable',
    `The user ${user} of CLICKHOUSE_USER lacks a grant on the ClickHouse server at ${url}: GRANT ${grant} TO ${user}.`,
  );
}
