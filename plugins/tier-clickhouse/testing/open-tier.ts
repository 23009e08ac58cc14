import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventTypeDeclaration } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { ClickHouseTier } from '../clickhouse-tier.js';
import { ChdbEngine } from '../engine/chdb-engine.js';
import type { Engine } from '../engine/engine.js';
import { EVERY_FIELD } from './sample-events.js';

export interface TierUnderTest {
  readonly tier: ClickHouseTier;
  readonly engine: Engine;
  readonly stream: StreamSpec;
  close(): Promise<void>;
}

/** Opens the tier on the real embedded engine in a temporary directory. */
export async function openTier(eventType: EventTypeDeclaration = EVERY_FIELD): Promise<TierUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-tier-'));
  const engine = new ChdbEngine({ directory: join(directory, 'chdb'), memoryBytes: 1e9, concurrency: 4 });
  const tier = new ClickHouseTier(engine, {
    dataDirectory: directory,
    scratchDirectory: join(directory, 'scratch'),
    memoryBytes: 1e9,
    concurrency: 4,
    reach: () => undefined,
  });
  const stream: StreamSpec = { tenant: 'default', name: 'default', eventType, keepRaw: 'when_needed' };
  await tier.prepare(stream);
  const close = async (): Promise<void> => {
    await tier.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { tier, engine, stream, close };
}
