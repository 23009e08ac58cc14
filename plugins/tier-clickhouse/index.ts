import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  definePlugin,
  pluginManifestSchema,
  TierError,
  type TierContext,
  type TierPlugin,
} from '#plugin-kit';
import { ClickHouseTier } from './clickhouse-tier.js';
import { upgradeQuarantines } from './quarantine/upgrade-quarantines.js';
import { finishSwaps } from './rewrite/swap.js';
import { exportsDirectory } from './search/parquet-export.js';
import manifest from './manifest.json' with { type: 'json' };

export { renderStreamDdl } from './schema/tables.js';
export { blockFileRows } from './write/block-files.js';
export { insertPlain, insertThroughEntry } from './write/insert-statements.js';

export default definePlugin<TierPlugin>({
  kind: 'tier',
  manifest: pluginManifestSchema.parse(manifest),
  create,
});

/** Opens the engine in the process; its library is loaded only now. */
async function create(context: TierContext): Promise<ClickHouseTier> {
  refuseWildcards(context.scratchDirectory);
  const scratchDirectory = join(context.scratchDirectory, 'blocks');
  // What a killed process left there is on the bus still; of an export nobody waits any more.
  await rm(scratchDirectory, { recursive: true, force: true });
  await rm(exportsDirectory(context.dataDirectory), { recursive: true, force: true });
  await mkdir(scratchDirectory, { recursive: true });
  const { ChdbEngine } = await import('./engine/chdb-engine.js');
  const engine = new ChdbEngine({
    directory: join(context.dataDirectory, 'chdb'),
    memoryBytes: context.memoryBytes,
    concurrency: context.concurrency,
  });
  await upgradeQuarantines(engine);
  await finishSwaps(engine);
  return new ClickHouseTier(engine, { ...context, scratchDirectory });
}

/** The engine reads block files by path, where these characters would mean other files. */
function refuseWildcards(path: string): void {
  if (/[{}*?,[\]]/.test(path))
    throw new TierError(
      'config',
      `The scratch directory ${path} has one of {}*?,[] in its name, which the engine reads as a pattern; choose another.`,
    );
}
