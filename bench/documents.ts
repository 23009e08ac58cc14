import { setTimeout as pause } from 'node:timers/promises';
import { createBlockIdGenerator, nowNs, type Block } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { MongoTier } from '../plugins/tier-mongodb/mongodb-tier.js';
import { startTestMongodb } from '../test/support/test-mongodb.js';
import { mean, percentile } from './numbers.js';
import { readOptions } from './options.js';
import { printReport, type Figure } from './report.js';

const options = readOptions(
  { documents: 1_000_000, users: 10_000, rate: 10_000, seconds: 20, questions: 200, json: false },
  process.argv.slice(2),
);

/** Events of one write, as a block of the bus has them. */
const BLOCK_EVENTS = 1_000;
const DAY_NS = 86_400_000_000_000n;

const STREAM: StreamSpec = {
  ...{ tenant: 'bench', name: 'orders', keepRaw: 'when_needed' },
  eventType: makeEventType({ fields: [makeField({ name: 'user_id', type: 'string', indexed: true })] }),
};
const nextId = createBlockIdGenerator();
const begun = nowNs();

/** A block of events of the last day, about 250 bytes each. */
function blockAt(first: number): Block {
  const lines = Array.from({ length: BLOCK_EVENTS }, (_, at) => lineOf(first + at)).join('');
  const header = { id: nextId(), tenant: STREAM.tenant, stream: STREAM.name, source: 'bench' };
  const origin = { format: 'ndjson', receivedAt: begun, count: BLOCK_EVENTS } as const;
  return { header: { ...header, ...origin }, body: Buffer.from(lines) };
}

function lineOf(n: number): string {
  const timestamp = new Date(Number((begun - ((BigInt(n) * 7919n) % 86_400_000n) * 1_000_000n) / 1_000_000n));
  const event = {
    ...{
      timestamp,
      level: n % 50 === 0 ? 'ERROR' : 'INFO',
      service: `shop-${n % 20}`,
      host: `web-${n % 40}`,
    },
    ...{ message: `order ${n} of customer ${n % options.users} placed in ${n % 977} ms`, status: 200 },
    ...{ user_id: `u${(n * 31) % options.users}`, path: `/orders/${n}`, bytes: (n * 37) % 90_000 },
  };
  return `${JSON.stringify(event)}\n`;
}

/** Writes at the rate that is asked for; the time of each from when it was due, so that a stall counts for all that wait. */
async function writeAtRate(tier: MongoTier, from: number): Promise<Figure[]> {
  const every = (BLOCK_EVENTS / options.rate) * 1_000;
  const count = Math.round((options.rate * options.seconds) / BLOCK_EVENTS);
  const blocks = Array.from({ length: count }, (_, at) => blockAt(from + at * BLOCK_EVENTS));
  const times: number[] = [];
  const start = performance.now();
  const writes: Promise<void>[] = [];
  for (const [at, block] of blocks.entries()) {
    const due = start + at * every;
    await pause(Math.max(0, due - performance.now()));
    writes.push(
      tier
        .insert({ stream: STREAM, token: block.header.id, blocks: [block], skip: [] })
        .then(() => void times.push(performance.now() - due)),
    );
  }
  await Promise.all(writes);
  const reached = (count * BLOCK_EVENTS * 1_000) / (performance.now() - start);
  return [
    { name: `written a second, ${options.rate} asked`, value: reached, unit: '1/s' },
    { name: 'a write of 1,000, p50', value: percentile(times, 0.5), unit: 'ms' },
    {
      name: 'a write of 1,000, p99',
      value: percentile(times, 0.99),
      unit: 'ms',
      bound: { kind: 'at most', value: 200 },
    },
  ];
}

async function load(tier: MongoTier): Promise<Figure[]> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  for (let from = 0; from < options.documents; from += BLOCK_EVENTS) {
    const block = blockAt(from);
    await tier.insert({ stream: STREAM, token: block.header.id, blocks: [block], skip: [] });
  }
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return [
    { name: 'loaded by one writer', value: options.documents / seconds, unit: '1/s' },
    { name: 'CPU of this process, a million', value: (user + system) / options.documents, unit: 's' },
  ];
}

async function newestByUser(tier: MongoTier): Promise<Figure[]> {
  const times: number[] = [];
  const found: number[] = [];
  for (let at = 0; at < options.questions; at += 1) {
    const user = `u${(at * 97) % options.users}`;
    const asked = performance.now();
    const page = await tier.search({
      ...{ tenant: STREAM.tenant, streams: [STREAM], order: 'desc', limit: 100, total: 'none' },
      ...{ from: begun - 2n * DAY_NS, to: begun + DAY_NS, timeoutMs: 30_000 },
      filter: { kind: 'equals', field: 'user_id', values: [user] },
    });
    times.push(performance.now() - asked);
    found.push(page.events.length);
  }
  return [
    { name: 'newest 100 by user_id, p50', value: percentile(times, 0.5), unit: 'ms' },
    {
      name: 'newest 100 by user_id, p99',
      value: percentile(times, 0.99),
      unit: 'ms',
      bound: { kind: 'at most', value: 50 },
    },
    { name: 'found by a question', value: mean(found), unit: 'events' },
  ];
}

async function sizes(
  mongodb: Awaited<ReturnType<typeof startTestMongodb>>,
  database: string,
): Promise<Figure[]> {
  const stats = await mongodb.client.db(database).command({ collStats: 'events.bench.orders' });
  const of = (name: string): number => Number(stats[name]) / Number(stats['count']);
  return [
    { name: 'a document, as BSON', value: of('size'), unit: 'bytes' },
    { name: 'a document on disk', value: of('storageSize'), unit: 'bytes' },
    { name: 'its entries in indexes', value: of('totalIndexSize'), unit: 'bytes' },
  ];
}

const mongodb = await startTestMongodb();
const { uri, database, user = '', password = () => '' } = mongodb.place();
const tier = new MongoTier({ url: uri, user, password, database });
try {
  await tier.prepare(STREAM);
  const figures = [
    ...(await load(tier)),
    ...(await newestByUser(tier)),
    ...(await writeAtRate(tier, options.documents)),
    ...(await sizes(mongodb, database)),
  ];
  printReport('documents tier', figures, options.json);
} finally {
  await tier.stop();
  await mongodb.stop();
}
