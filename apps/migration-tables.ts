import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveBudgets, resolveMemoryLimit } from '#app-config';
import type { RefusedCount } from '#ledger';
import { MigrationError } from '#migration';
import type { PluginRegistry } from '#plugin-host';
import type { QuarantineTier, SearchableTier, StorageTier, StreamSpec, WritableTier } from '#plugin-kit';
import type { MigrationSetting } from './migration.module.js';
import type { OldSide } from './migration-sides.js';
import { tierServers } from './tier-servers.js';
import { moveQuarantine } from './worker/migration/move-quarantine.js';
import { requireOwnRefused } from './worker/migration/require-own-refused.js';
import type { Survey } from './worker/migration/survey.js';

const TIER = 'tier-clickhouse';
/** Milliseconds that the server may take to look for an event of a stream. */
const PATIENCE_MS = 60_000;
/** All that there can be. */
const EVERYTHING = { from: 0n, to: 2n ** 63n - 1n, filter: { kind: 'all', of: [] } } as const;

type NewTables = SearchableTier & WritableTier & QuarantineTier;

/**
 * Looks whether the ClickHouse server of the new appliance answers, and has no event of streams that are moved to it: they
 * would be found beside those that come, as if they were the same appliance's. Of refused events it may have those that are to
 * come along, of a call that was broken off. Changes nothing there.
 *
 * @throws MigrationError `migration_refused`; TierError where the server does not answer, or not as it has to
 */
export async function requireNoEvents(
  old: OldSide,
  { records, refused, streams }: Pick<Survey, 'records' | 'refused' | 'streams'>,
  setting: MigrationSetting,
): Promise<void> {
  const tenants = new Set([...records.values()].map(({ tenant }) => tenant));
  await withTables(old.plugins, setting, async (tables) => {
    await tables.ping();
    for (const { stream } of streams) await requireNone(tables, stream);
    const from = { streams: old.streams, tier: old.tiers.replaying };
    for (const tenant of tenants)
      await requireOwnRefused(tenant, tables, refused.length > 0 ? from : undefined);
  });
}

/** Copies refused events into the tables of the new appliance, which nobody else writes to yet. @throws MigrationError */
export async function bringRefused(
  old: OldSide,
  refused: readonly RefusedCount[],
  setting: MigrationSetting,
): Promise<void> {
  if (refused.length === 0) return;
  const { logger, reach } = setting;
  await withTables(old.plugins, setting, (to) =>
    moveQuarantine([...new Set(refused.map(({ tenant }) => tenant))], {
      ...{ streams: old.streams, from: old.tiers.replaying, to, reach },
      failed: (error) => logger.warn({ err: error }, 'refused events are brought again in a moment'),
    }),
  );
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

async function withTables<T>(
  plugins: PluginRegistry,
  { reach, settings, workDirectory }: MigrationSetting,
  use: (tables: NewTables) => Promise<T>,
): Promise<T> {
  const server = tierServers(settings.boot)[TIER];
  const plugin = plugins.tiers.find(({ manifest }) => manifest.name === TIER);
  if (!server || !plugin) throw new Error('There is no storage tier for a ClickHouse server.');
  const dataDirectory = join(workDirectory, 'tables');
  await mkdir(dataDirectory, { recursive: true });
  const tier = await plugin.create({
    ...{ dataDirectory, scratchDirectory: dataDirectory, server, reach, concurrency: 4, asksOnly: true },
    memoryBytes: deriveBudgets(resolveMemoryLimit(settings.boot.memoryLimit)).engineBytes,
  });
  try {
    if (isAble(tier)) return await use(tier);
    throw new Error(`The storage tier ${tier.name} can not be searched, or keeps no refused events.`);
  } finally {
    await tier.stop();
  }
}

function isAble(tier: StorageTier): tier is NewTables {
  return ['search', 'insert', 'countRefused'].every((method) => method in tier);
}
