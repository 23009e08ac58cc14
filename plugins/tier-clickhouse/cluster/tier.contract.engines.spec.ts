import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeTierContract } from '#plugin-kit/testing';
import { ContractTiers } from '../testing/contract-tier.js';
import { startTestCluster } from '../testing/test-cluster.js';
import { openCluster } from './open-cluster.js';

const directory = mkdtempSync(join(tmpdir(), 'alluvium-contract-'));
// Blocks of one batch go to both shards.
const server = await startTestCluster('block');
const tiers = new ContractTiers(async () => {
  const limits = { memoryBytes: 1e9, concurrency: 4 };
  const context = {
    dataDirectory: directory,
    scratchDirectory: '',
    ...limits,
    server,
    reach: () => undefined,
  };
  const { tier, members } = await openCluster(context, server, server.cluster);
  return { engines: members.all.map(({ engine }) => engine), tier };
});
afterAll(async () => {
  await tiers.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

describeTierContract('two shards of a ClickHouse cluster', () => tiers.start());
