import { join } from 'node:path';
import type { TierCluster, TierContext, TierServer } from '#plugin-kit';
import { ClickHouseTier } from '../clickhouse-tier.js';
import { openMember, READER_FOLDER, useServers } from '../open-engine.js';
import { checkMember } from '../server/check-server.js';
import { ClusterTier } from './cluster-tier.js';
import { Members, type Member } from './members.js';

/** Opens the tier on the servers of a cluster; none of them need answer yet. */
export async function openCluster(
  context: TierContext,
  server: TierServer,
  cluster: TierCluster,
): Promise<{ readonly tier: ClusterTier; readonly members: Members }> {
  await useServers(context, cluster.urls.join(','));
  const servers = await Promise.all(
    cluster.urls.map(async (url, n): Promise<Member> => {
      const own = { ...server, url };
      const parts = { check: checkMember, reader: join(READER_FOLDER, String(n)) };
      const { engine, staging } = await openMember(context, own, parts);
      const tier = new ClickHouseTier(engine, { ...context, server: own }, staging);
      return { url, user: server.user, engine, tier };
    }),
  );
  const members = new Members(cluster.name, servers);
  return { tier: new ClusterTier(members, cluster.shardKeyOf, context), members };
}
