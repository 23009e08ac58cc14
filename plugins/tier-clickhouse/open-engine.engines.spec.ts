import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from './open-engine.js';
import { startTestServer } from './testing/test-server.js';

const server = await startTestServer();
const directory = await mkdtemp(join(tmpdir(), 'alluvium-open-engine-'));
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});

const context = {
  ...{ dataDirectory: directory, scratchDirectory: directory, memoryBytes: 2 ** 28, concurrency: 4 },
  ...{ reach: () => undefined, server },
};
const ONE = 'SELECT 1 AS one';

it('what is left behind is finished as a step before the turn of this process; until then it writes, and who only asks has none', async () => {
  const steps: (() => Promise<void>)[] = [];
  const turn = { isOurs: () => false, before: (step: () => Promise<void>) => void steps.push(step) };
  const [beside, asking] = [
    await openEngine({ ...context, turn }),
    await openEngine({ ...context, asksOnly: true }),
  ];
  for (const { engine } of [beside, asking])
    expect((await engine.run(ONE, { lane: 'read' })).rows()).toEqual([{ one: 1 }]);
  expect(steps).toHaveLength(1);
  await steps[0]?.();
  for (const { engine } of [beside, asking]) await engine.close();
});
