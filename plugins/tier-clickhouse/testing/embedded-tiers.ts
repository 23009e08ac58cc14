import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ClickHouseTier } from '../clickhouse-tier.js';
import { ChdbEngine } from '../engine/chdb-engine.js';
import { ContractTiers } from './contract-tier.js';

/** Tiers for the contract on an engine in this process, closed behind the last case. */
export function embeddedTiers(): ContractTiers {
  const directory = mkdtempSync(join(tmpdir(), 'alluvium-contract-'));
  const tiers = new ContractTiers(async () => {
    const limits = { memoryBytes: 1e9, concurrency: 4 };
    const engine = new ChdbEngine({ directory: join(directory, 'chdb'), ...limits });
    const scratchDirectory = join(directory, 'scratch');
    const context = { dataDirectory: directory, scratchDirectory, ...limits, reach: () => undefined };
    return { engines: [engine], tier: new ClickHouseTier(engine, context) };
  });
  afterAll(async () => {
    await tiers.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return tiers;
}
