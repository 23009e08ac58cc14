import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveBudgets, resolveMemoryLimit } from '#app-config';
import { MigrationError } from '#migration';
import type { PluginRegistry } from '#plugin-host';
import type { SearchableTier, StorageTier, StreamSpec } from '#plugin-kit';
import type { MigrationSetting } from './migration.module.js';
import { tierServers } from './tier-servers.js';

const TIER = 'tier-clickhouse';
/** Milliseconds that the server may take to look for an event of a stream. */
const PATIENCE_MS = 60_000;
/** All that there can be. */
const EVERYTHING = { from: 0n, to: 2n ** 63n - 1n, filter: { kind: 'all', of: [] } } as const;

/**
 * Looks whether the ClickHouse server of the new appliance answers, and has no event of streams that are moved to it: they
 * would be found beside those that come, as if they were the same appliance's. Changes nothing there.
 *
 * @throws MigrationError `migration_refused`; TierError where the server does not answer, or not as it has to
 */
export async function requireNoEvents(
  plugins: PluginRegistry,
  streams: readonly StreamSpec[],
  setting: MigrationSetting,
): Promise<void> {
  const tier = await openTables(plugins, setting);
  try {
    await tier.ping();
    for (const stream of streams) await requireNone(tier, stream);
  } finally {
    await tier.stop();
  }
}

async function requireNone(tier: SearchableTier, stream: StreamSpec): Promise<void> {
  const { tenant, name } = stream;
  const { events } = await tier.search({
    ...{ ...EVERYTHING, tenant, streams: [stream], timeoutMs: PATIENCE_MS },
    ...{ order: 'desc', limit: 1, total: 'none' },
  });
  if (events.length === 0) return;
  throw new MigrationError(
    'migration_refused',
    `The ClickHouse server of CLICKHOUSE_URL has events of the stream "${name}" of the tenant "${tenant}" already, of another appliance or of a move that was backed out: name another server, or drop the database tenant_${tenant} there.`,
  );
}

async function openTables(
  plugins: PluginRegistry,
  { reach, settings, workDirectory }: MigrationSetting,
): Promise<SearchableTier> {
  const server = tierServers(settings.boot)[TIER];
  const plugin = plugins.tiers.find(({ manifest }) => manifest.name === TIER);
  if (!server || !plugin) throw new Error('There is no storage tier for a ClickHouse server.');
  const dataDirectory = join(workDirectory, 'tables');
  await mkdir(dataDirectory, { recursive: true });
  const tier = await plugin.create({
    ...{ dataDirectory, scratchDirectory: dataDirectory, server, reach, concurrency: 4, asksOnly: true },
    memoryBytes: deriveBudgets(resolveMemoryLimit(settings.boot.memoryLimit)).engineBytes,
  });
  if (isSearchable(tier)) return tier;
  throw new Error(`The storage tier ${tier.name} can not be searched.`);
}

function isSearchable(tier: StorageTier): tier is SearchableTier {
  return 'search' in tier;
}
