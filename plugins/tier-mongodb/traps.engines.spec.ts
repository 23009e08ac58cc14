import { afterAll, afterEach, expect, it } from 'vitest';
import { createBlockIdGenerator, formatEventId, nowNs, type Block } from '#event-model';
import type { StreamSpec, TierBatch } from '#plugin-kit';
import { makeEventType } from '#plugin-kit/testing';
import { startContractTiers } from './testing/contract-tiers.js';
import { countsName, eventsName } from './store/names.js';

const tiers = await startContractTiers();
afterEach(() => tiers.mongodb.client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' }));
afterAll(() => tiers.stop());

const nextId = createBlockIdGenerator();
const streamOf = (name: string): StreamSpec => ({
  ...{ tenant: 'traps', name, keepRaw: 'when_needed' },
  eventType: makeEventType({ fields: [] }),
});

function batchOf(
  stream: StreamSpec,
  lines: readonly object[],
): TierBatch & { readonly blocks: readonly [Block] } {
  const body = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const identity = { id: nextId(), tenant: stream.tenant, stream: stream.name, source: 'agent' };
  const header = { ...identity, format: 'ndjson', receivedAt: nowNs(), count: lines.length } as const;
  return { stream, token: identity.id, blocks: [{ header, body }], skip: [] };
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ message: `m${n}` }));
const collectionOf = (stream: StreamSpec) => tiers.database.collection(eventsName(stream));
const rowsOf = async (stream: StreamSpec, batch: ReturnType<typeof batchOf>) =>
  (await tiers.tier().present(stream, [batch.blocks[0].header.id]))[0];

it('what a server refuses is told by its id: of 2,500 in three commands, half of them there, those three and no others', async () => {
  const stream = streamOf('errors');
  const bad = [7, 1_500, 2_499];
  const lines = numbered(2_500).map((line, n) => (bad.includes(n) ? { ...line, host: 'forbidden' } : line));
  await tiers.tier().prepare(stream);
  await tiers.database.command({
    collMod: eventsName(stream),
    validator: { host: { $ne: 'forbidden' } },
  });
  const batch = batchOf(stream, lines);
  const id = batch.blocks[0].header.id;
  const odd = numbered(2_500).flatMap((_, n) =>
    n % 2 === 0 || bad.includes(n) ? [{ block: id, row: n }] : [],
  );
  await tiers.tier().insert({ ...batch, skip: odd });
  const report = await tiers.tier().insert(batch);
  expect(report.stored).toBe(2_497);
  expect(report.quarantined).toEqual(bad.map((row) => ({ block: id, row, reason: 'engine:121' })));
  const present = await rowsOf(stream, batch);
  expect([present?.stored.length, present?.quarantined.map(({ row }) => row)]).toEqual([2_497, bad]);
  expect(await tiers.tier().count(stream)).toBe(2_497);
  expect(await tiers.tier().checkRollUps(stream)).toEqual([]);
});

it('a duplicate of another index than that of _id is not stored, and is not said to be', async () => {
  const stream = streamOf('unique');
  await tiers.tier().prepare(stream);
  await collectionOf(stream).createIndex({ host: 1 }, { unique: true, name: 'somebodys' });
  const batch = batchOf(stream, [{ host: 'a' }, { host: 'a' }, { host: 'b' }]);
  for (let time = 0; time < 2; time += 1) {
    const report = await tiers.tier().insert(batch);
    expect([report.stored, report.quarantined.map(({ reason }) => reason)]).toEqual([2, ['engine:11000']]);
  }
  expect(await collectionOf(stream).countDocuments()).toBe(2);
});

it.runIf(tiers.mongodb.nodes.length > 0)(
  'a lost connection is no loss and no double: the same ids are sent again, also beside those that had arrived',
  async () => {
    const stream = streamOf('lost');
    await tiers.tier().prepare(stream);
    const batch = batchOf(stream, numbered(1_500));
    const arrived = batch.blocks[0].header.id;
    await tiers.tier().insert({
      ...batch,
      skip: numbered(1_500)
        .slice(400)
        .map((_, n) => ({ block: arrived, row: n + 400 })),
    });
    await tiers.mongodb.client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 3 },
      data: {
        failCommands: ['insert'],
        closeConnection: true,
        namespace: `${tiers.database.databaseName}.${eventsName(stream)}`,
      },
    });
    expect(await tiers.tier().insert(batch)).toEqual({ stored: 1_500, quarantined: [] });
    expect((await rowsOf(stream, batch))?.stored).toEqual(numbered(1_500).map((_, n) => n));
    expect(await tiers.tier().count(stream)).toBe(1_500);
  },
);

it('a time-series collection takes one id twice, so none is taken for a stream', async () => {
  const stream = streamOf('series');
  const made = await tiers.database.createCollection(eventsName(stream), {
    timeseries: { timeField: 'timestamp' },
  });
  const twice = { _id: formatEventId(nextId(), 0) as never, timestamp: new Date() };
  await made.insertOne({ ...twice });
  await made.insertOne({ ...twice });
  expect(await made.countDocuments()).toBe(2);
  await expect(tiers.tier().insert(batchOf(stream, numbered(1)))).rejects.toMatchObject({
    failure: 'unavailable',
    message: expect.stringContaining('timeseries'),
  });
});

it('a TTL that somebody made is told of, and none is made', async () => {
  const stream = streamOf('ttl');
  await tiers.tier().prepare(stream);
  expect(await tiers.tier().tableTtls('traps')).toEqual([]);
  await collectionOf(stream).createIndex({ timestamp: 1 }, { expireAfterSeconds: 8_640_000, name: 'gone' });
  expect(await tiers.tier().tableTtls('traps')).toEqual([
    { stream: 'ttl', ttl: 'index gone on {"timestamp":1}: expireAfterSeconds 8640000' },
  ]);
});

it('the newest of a user, a type or a field that is indexed come out of an index in their order', async () => {
  const stream = streamOf('plans');
  await tiers.tier().insert(
    batchOf(
      stream,
      numbered(300).map((line, n) => ({ ...line, user_id: `u${n % 3}` })),
    ),
  );
  const explain = await collectionOf(stream)
    .find({ $and: [{ timestamp: { $gte: new Date(0) } }, { user_id: { $in: ['u1'] } }] })
    .sort({ timestamp: -1, _nanos: -1, block: -1, row: -1 })
    .limit(100)
    .explain('executionStats');
  const plan = JSON.stringify(explain['queryPlanner'].winningPlan);
  expect(plan).toContain('"indexName":"by_user_id"');
  expect(plan).not.toContain('"stage":"SORT"');
  expect(explain['executionStats'].totalDocsExamined).toBeLessThanOrEqual(100);
});

it('counts by hour and type that were not asked for are those that the server comes to', async () => {
  const stream = streamOf('hours');
  const lines = [
    '2026-11-20T08:59:59.999999999Z',
    '2026-11-20T09:00:00Z',
    '2026-11-20T09:00:00.000000001Z',
  ].map((timestamp, n) => ({ timestamp, event_type: n === 2 ? 'special' : 'usual' }));
  await tiers.tier().insert(batchOf(stream, [...lines, ...lines]));
  const counts = tiers.database.collection(countsName(stream));
  const shown = async () =>
    (await counts.find().toArray()).map(({ hours, ...rest }) => ({
      ...rest,
      hours: (hours as object[]).map((hour) => JSON.stringify(hour)).sort(),
    }));
  const known = await shown();
  expect(known[0]?.hours).toHaveLength(3);
  await tiers.tier().rebuildRollUps(stream, 20_261_120);
  expect(await shown()).toEqual(known);
});
