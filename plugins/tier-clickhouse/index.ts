import { rm } from 'node:fs/promises';
import { definePlugin, pluginManifestSchema, type TierContext } from '#plugin-kit';
import { ClickHouseTier } from './clickhouse-tier.js';
import type { ClusterTier } from './cluster/cluster-tier.js';
import { openEngine } from './open-engine.js';
import { exportsDirectory } from './search/parquet-export.js';
import manifest from './manifest.json' with { type: 'json' };

export { renderStreamDdl } from './schema/tables.js';
export { blockFileRows } from './write/block-files.js';
export { insertPlain, insertThroughEntry } from './write/insert-statements.js';

export default definePlugin({
  kind: 'tier',
  manifest: pluginManifestSchema.parse(manifest),
  create,
});

async function create(context: TierContext): Promise<ClickHouseTier | ClusterTier> {
  // Nobody waits any more for an export that a killed process began.
  await rm(exportsDirectory(context.dataDirectory), { recursive: true, force: true });
  const { server } = context;
  if (server?.cluster) {
    const { openCluster } = await import('./cluster/open-cluster.js');
    return (await openCluster(context, server, server.cluster)).tier;
  }
  const { engine, staging } = await openEngine(context);
  return new ClickHouseTier(engine, context, staging);
}
