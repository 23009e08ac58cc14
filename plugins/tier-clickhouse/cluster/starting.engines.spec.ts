import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StreamSpec, TierContext } from '#plugin-kit';
import { clickhouse } from '../../../tools/engines/clickhouse.mjs';
import { freePorts } from '../../../tools/engines/free-ports.mjs';
import { startEngine, type RunningEngine } from '../../../tools/engines/start-engine.mjs';
import { CLUSTER_GRANTS, GRANTS } from '../server/grants.js';
import { batchOf, blockOf, DECLARED, EVERY_FIELD } from '../testing/sample-events.js';
import type { ClusterTier } from './cluster-tier.js';
import { openCluster } from './open-cluster.js';

const NAME = 'shards';
const directory = mkdtempSync(join(tmpdir(), 'alluvium-starting-'));
const password = randomBytes(12).toString('hex');
const secret = randomBytes(12).toString('hex');
/** Of the shards that there are so far: each start of a server reads them anew. */
const shards: number[] = [];
const engines: RunningEngine[] = [];
let tcp: readonly number[] = [];

async function startShard(port: number): Promise<void> {
  const grants = [...GRANTS, ...CLUSTER_GRANTS].map((grant) => `GRANT ${grant}`);
  const users = [{ name: 'writer', password, grants }];
  engines.push(await startEngine(clickhouse, { users, cluster: { name: NAME, secret, shards, port } }));
}

/** The tier of a process with a data directory of its own. */
async function open(process: string, more: Partial<TierContext> = {}): Promise<ClusterTier> {
  const urls = engines.map(({ variables }) => String(variables['CLICKHOUSE_URL']));
  const server = { url: String(urls[0]), user: 'writer', password: () => password };
  const dataDirectory = mkdtempSync(join(directory, process));
  const context = {
    ...{ dataDirectory, scratchDirectory: '', memoryBytes: 1e9, concurrency: 4 },
    ...{ server, reach: () => undefined, ...more },
  };
  return (await openCluster(context, server, { name: NAME, urls, shardKeyOf: () => 'block' })).tier;
}

beforeAll(async () => {
  tcp = await freePorts(3);
  shards.push(...tcp.slice(0, 2));
  await Promise.all(shards.map(startShard));
}, 120_000);
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  rmSync(directory, { recursive: true, force: true });
});

const line = (n: number): string => JSON.stringify({ message: `event ${n}`, region: `r${n}` });

/** Stores a batch of so many blocks of two events, and answers with it. */
async function store(tier: ClusterTier, stream: StreamSpec, blocks = 12) {
  const batch = {
    ...batchOf(stream, []),
    blocks: Array.from({ length: blocks }, (_, n) => blockOf(stream, [line(n), line(n + 1)])),
  };
  expect(await tier.insert(batch)).toEqual({ stored: blocks * 2, quarantined: [] });
  return batch;
}

it('makes tables once where two processes begin with a stream at once, and brings them to a new type once', async () => {
  const first = await open('first', { turn: { isOurs: () => true, before: () => undefined } });
  const second = await open('second', { turn: { isOurs: () => false, before: () => undefined } });
  const stream: StreamSpec = { tenant: 'two', name: 'web', eventType: EVERY_FIELD, keepRaw: 'when_needed' };
  // That one is told to wait which sees tables that the other one is making.
  const begin = async (tier: ClusterTier, spec: StreamSpec): Promise<void> => {
    const made = () => tier.prepare(spec).then(() => 'made', String);
    await expect.poll(made, { timeout: 30_000 }).toBe('made');
  };
  await Promise.all([begin(first, stream), begin(second, stream)]);
  await store(first, stream);
  await store(second, stream);
  const newer: StreamSpec = {
    ...stream,
    eventType: {
      ...DECLARED,
      ...{ name: EVERY_FIELD.name, sortBy: EVERY_FIELD.sortBy, rollUps: EVERY_FIELD.rollUps },
      fields: [...EVERY_FIELD.fields, ...DECLARED.fields],
    },
  };
  await expect(second.prepare(newer)).rejects.toMatchObject({
    failure: 'unavailable',
    message: expect.stringContaining('being brought to a new version by another process'),
  });
  await Promise.all([begin(first, newer), begin(second, newer)]);
  await store(first, newer);
  await store(second, newer);
  expect([await first.count(newer), await second.checkRollUps(newer)]).toEqual([96, []]);
  await first.stop();
  await second.stop();
}, 120_000);

it('goes on with another shard: what is stored stays and is found, and new events come to all', async () => {
  const stream: StreamSpec = { tenant: 'more', name: 'web', eventType: EVERY_FIELD, keepRaw: 'when_needed' };
  const before = await open('before');
  const old = await store(before, stream);
  await before.stop();

  shards.push(Number(tcp[2]));
  await Promise.all(engines.map((engine) => engine.end('SIGTERM')));
  await Promise.all([...engines.map((engine) => engine.start()), startShard(Number(tcp[2]))]);
  const third = engines.pop();
  const forgotten = await open('forgotten');
  await expect(forgotten.ping()).rejects.toMatchObject({
    message: expect.stringContaining('CLICKHOUSE_URL names 2 of the 3 shards'),
  });
  await forgotten.stop();
  engines.push(third as RunningEngine);

  const tier = await open('after');
  const rows = (batch: typeof old) =>
    tier.present(
      stream,
      batch.blocks.map(({ header }) => header.id),
    );
  expect((await rows(old)).map(({ stored }) => stored)).toEqual(old.blocks.map(() => [0, 1]));
  const added = await store(tier, stream, 30);
  expect((await rows(added)).map(({ stored }) => stored)).toEqual(added.blocks.map(() => [0, 1]));
  expect([await tier.count(stream), await tier.checkRollUps(stream)]).toEqual([84, []]);
  // Thirty blocks leave this one out five times in a million.
  const headers = { 'x-clickhouse-user': 'writer', 'x-clickhouse-key': password };
  const body = 'SELECT count() FROM tenant_more.`stream.web`';
  const url = String(third?.variables['CLICKHOUSE_URL']);
  const own = await fetch(url, { method: 'POST', headers, body });
  expect(Number(await own.text())).toBeGreaterThan(0);
  await tier.stop();
}, 120_000);
