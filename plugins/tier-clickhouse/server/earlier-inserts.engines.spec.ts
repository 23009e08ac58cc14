import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { startTestServer } from '../testing/test-server.js';
import { EarlierInserts } from './earlier-inserts.js';
import { ServerEngine } from './server-engine.js';

const server = await startTestServer();
const [killed, next] = [1, 2].map(() => new ServerEngine({ ...server, concurrency: 4 }));
afterAll(async () => {
  await Promise.all([killed?.close(), next?.close()]);
  await server.stop();
});

it('waits for an insert of another process to end, not for one that begins later, and not where there is none', async () => {
  const session = randomUUID();
  const insert = (rows: number) =>
    killed!.run(
      `INSERT INTO slow SELECT sleepEachRow(0.3) FROM numbers(${rows}) SETTINGS max_block_size = 1`,
      { lane: 'write', session },
    );
  await new EarlierInserts(next!).ended();
  await killed!.run('CREATE TEMPORARY TABLE slow (n UInt8) ENGINE = Memory', { lane: 'write', session });
  const first = insert(10);
  const ids = async () => {
    const running = "SELECT query_id AS id FROM system.processes WHERE query_kind = 'Insert'";
    return (await next!.run(running, { lane: 'read' })).rows<{ id: string }>().map(({ id }) => id);
  };
  await expect.poll(ids).toHaveLength(1);
  const [earlier] = await ids();
  const later = first.then(() => insert(20));
  await new EarlierInserts(next!).ended();
  expect(await ids()).not.toContain(earlier);
  await later;
}, 30_000);
