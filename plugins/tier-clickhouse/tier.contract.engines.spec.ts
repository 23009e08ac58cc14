import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeTierContract } from '#plugin-kit/testing';
import { ClickHouseTier } from './clickhouse-tier.js';
import { openEngine } from './open-engine.js';
import { ContractTiers } from './testing/contract-tier.js';
import { describeSeededBugs } from './testing/describe-seeded-bugs.js';
import { startTestServer } from './testing/test-server.js';

const directory = mkdtempSync(join(tmpdir(), 'alluvium-contract-'));
const server = await startTestServer();
const tiers = new ContractTiers(async () => {
  const limits = { memoryBytes: 1e9, concurrency: 4 };
  const context = {
    dataDirectory: directory,
    scratchDirectory: '',
    ...limits,
    server,
    reach: () => undefined,
  };
  const { engine, staging } = await openEngine(context);
  return { engines: [engine], tier: new ClickHouseTier(engine, context, staging) };
});
afterAll(async () => {
  await tiers.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

describeTierContract('a ClickHouse server', () => tiers.start());
describeSeededBugs('a ClickHouse server', tiers);
