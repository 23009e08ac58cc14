import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClickHouseTier } from './clickhouse-tier.js';
import type { Engine } from './engine/engine.js';
import { openEngine } from './open-engine.js';
import { DAY_NS, DAYS, makeTwins, START, type Twins } from './testing/archived-twin.js';
import { expectSameAnswers, questionArbitrary } from './testing/same-as-twin.js';
import { startTestServer } from './testing/test-server.js';

const directory = mkdtempSync(join(tmpdir(), 'alluvium-archived-server-'));
const server = await startTestServer();
let tier: ClickHouseTier;
let engine: Engine;
let twins: Twins;
beforeAll(async () => {
  const limits = { memoryBytes: 1e9, concurrency: 4 };
  const folders = { dataDirectory: directory, scratchDirectory: '' };
  const context = { ...folders, ...limits, server, reach: () => undefined };
  const opened = await openEngine(context);
  engine = opened.engine;
  tier = new ClickHouseTier(engine, context, opened.staging);
  twins = await makeTwins(tier, engine);
}, 60_000);
afterAll(async () => {
  await tier.stop();
  await server.stop();
  await twins.close();
  rmSync(directory, { recursive: true, force: true });
});

it(
  'a server answers over files of this machine as one that has everything',
  { timeout: 120_000 },
  async () => {
    const property = fc.asyncProperty(questionArbitrary, (question) =>
      expectSameAnswers(tier, twins, question),
    );
    await fc.assert(property, { numRuns: 6, seed: 12, endOnFailure: true });
  },
);

it('exports what stands in files too, and refuses more of them than it may be sent', async () => {
  const everything = {
    from: START,
    to: START + BigInt(DAYS) * DAY_NS,
    filter: { kind: 'all', of: [] },
  } as const;
  const ask = async (streams = twins.archived) => {
    const query = { ...everything, tenant: 'moved', streams, timeoutMs: 60_000 };
    const file = await tier.exportParquet({ ...query, compression: 'none', spaceBytes: 1e9 });
    await file.discard();
    return file.bytes;
  };
  expect(await ask()).toBeGreaterThan(10_000);
  const huge = twins.archived.map((stream) => ({
    ...stream,
    archived: (stream.archived ?? []).map((unit) => ({
      ...unit,
      files: unit.files.map((file) => ({ ...file, bytes: 1e9 })),
    })),
  }));
  await expect(ask(huge)).rejects.toMatchObject({
    failure: 'query',
    message: expect.stringContaining('narrow the time range'),
  });
});
