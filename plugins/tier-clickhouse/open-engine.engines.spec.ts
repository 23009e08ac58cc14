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

it('what is left behind is finished when it is the turn of this process, before its first statement; who only asks does not wait', async () => {
  let takeTurn: () => void = () => undefined;
  const turn = new Promise<void>((resolve) => (takeTurn = resolve));
  const [waiting, asking] = [
    await openEngine({ ...context, turn }),
    await openEngine({ ...context, turn, asksOnly: true }),
  ];
  let isAnswered = false;
  const answer = waiting.engine.run(ONE, { lane: 'read' }).then(() => (isAnswered = true));
  expect((await asking.engine.run(ONE, { lane: 'read' })).rows()).toEqual([{ one: 1 }]);
  expect(isAnswered).toBe(false);
  takeTurn();
  expect(await answer).toBe(true);
  for (const { engine } of [waiting, asking]) await engine.close();
});
