import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startKafkaCluster, type RunningCluster } from '../../tools/engines/kafka-cluster.mjs';
import type { RunningEngine } from '../../tools/engines/start-engine.mjs';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { TailClient } from '../support/tail-client.js';
import { settingsOf, startTestMongodb } from '../support/test-mongodb.js';

const mongodb = await startTestMongodb();
let appliance: Appliance;
let database: string;
let made: Answered;
afterEach(() => appliance.dispose());
afterAll(async () => {
  await cluster?.stop();
  await mongodb.stop();
});

/** An appliance of its own, with a stream. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const place = mongodb.place();
  ({ database } = place);
  appliance = await startAppliance({ env: { ...settingsOf(place), ...env } });
  made = await call('POST', '/api/v1/streams', { name: 'orders', stored_in: 'documents' });
}

let cluster: RunningCluster | undefined;
/** The settings of a bus on Kafka, on servers that run elsewhere or for this test. */
async function kafka(): Promise<Record<string, string>> {
  if (process.env['KAFKA_BROKERS'] === undefined) cluster ??= await startKafkaCluster();
  const brokers = process.env['KAFKA_BROKERS'] ?? String(cluster?.variables['KAFKA_BROKERS']);
  return { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: `e2e-${randomUUID()}`, KAFKA_PARTITIONS: '3' };
}

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

async function call(method: string, path: string, json?: unknown): Promise<Answered> {
  const headers = {
    authorization: `Bearer ${appliance.adminKey}`,
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  const init = json === undefined ? {} : { body: JSON.stringify(json) };
  const answer = await fetch(`${appliance.url}${path}`, { method, headers, ...init });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') && !text.includes('\n');
  return { status: answer.status, text, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

const day = '2026-11-20T08:00:00';
const line = (n: number) =>
  `{"timestamp":"${day}.${String(n).padStart(6, '0')}Z","message":"order ${n} placed","user_id":"u${n % 10}","n":${n}}\n`;
const numbered = (from: number, to: number) =>
  Buffer.from(Array.from({ length: to - from }, (_, at) => line(from + at)).join(''));
const upTo = (n: number) => Array.from({ length: n }, (_, at) => at);

async function numbers(question: object): Promise<number[]> {
  const { body } = await call('POST', '/api/v1/logs', {
    start_time: day + 'Z',
    end_time: '2026-11-21T00:00:00Z',
    ...question,
  });
  const { logs = [] } = body as { logs?: { attributes: { n: number } }[] };
  return logs.map(({ attributes }) => attributes.n);
}

describe('a stream that is kept as documents', () => {
  it('is searched, counted, shown and exported as any other; what it can not do is refused with words', async () => {
    await start();
    expect(made).toMatchObject({ status: 201, body: { name: 'orders', stored_in: 'documents' } });
    const api = new ApiClient(appliance);
    const body = Buffer.concat([numbered(0, 50), Buffer.from('no json\n')]);
    expect((await api.send('orders', body, { prefer: 'wait=30' })).body).toMatchObject({
      ...{ stored: 50, quarantined: 1 },
    });
    expect((await api.send('default', numbered(50, 60), { prefer: 'wait=30' })).body).toMatchObject({
      stored: 10,
    });
    expect(await numbers({ stream: 'orders', filters: { user_id: 'u3' } })).toEqual([43, 33, 23, 13, 3]);
    expect(await numbers({ stream: 'orders', query: 'message:placed AND n:>=48' })).toEqual([49, 48]);
    // Of both stores, in one order, page by page.
    expect(await numbers({ limit: 12 })).toEqual(upTo(60).reverse().slice(0, 12));
    const first = await call('POST', '/api/v1/logs', { stream: 'orders', limit: 1, start_time: day + 'Z' });
    expect(first.body).toMatchObject({ total: 50, total_is_exact: true });
    const [event] = first.body['logs'] as { event_id: string }[];
    const one = await call('GET', `/api/v1/logs/${event?.event_id}`);
    expect(one.body).toMatchObject({ stream: 'orders', message: 'order 49 placed', original: { n: 49 } });
    const exported = await call('POST', '/api/v1/logs/export', { format: 'ndjson', start_time: day + 'Z' });
    expect(exported.text.trim().split('\n').length).toBe(60);
    const figures = (asked: object) =>
      call('POST', '/api/v1/logs/aggregate', {
        start_time: day + 'Z',
        end_time: '2026-11-20T09:00:00Z',
        ...asked,
      });
    expect((await figures({ interval: '1h' })).body).toMatchObject({ buckets: [{ metrics: { count: 60 } }] });
    expect((await figures({ stream: 'orders', group_by: ['user_id'], limit: 1 })).body).toMatchObject({
      buckets: [{ group: { user_id: 'u0' }, metrics: { count: 5 } }],
    });
    const refused = await figures({
      stream: 'orders',
      metrics: [{ name: 'n', function: 'sum', field: 'n' }],
    });
    expect([refused.status, refused.body['code'], refused.body['detail']]).toEqual([
      ...[400, 'search_invalid', expect.stringContaining('stored_in: documents')],
    ]);
    const { body: quarantine } = await call('GET', '/api/v1/quarantine');
    expect(quarantine).toMatchObject({
      total: 1,
      events: [{ stream: 'orders', reason: 'not_json', raw: 'no json' }],
    });
    expect((await call('GET', '/api/v1/streams/orders/roll-ups/check')).body).toMatchObject({ ok: true });
    const documents = mongodb.client.db(database).collection('events.default.orders');
    expect(await documents.countDocuments({ user_id: 'u3' })).toBe(5);
  });

  it('is followed live, and refused lines that are replayed over a kill come into it once', async () => {
    await start();
    const tail = await TailClient.open(appliance, { stream: 'orders', query: 'user_id:u3' });
    await new ApiClient(appliance).send('orders', numbered(0, 20), { prefer: 'wait=30' });
    await expect.poll(() => tail.events.map(({ attributes }) => attributes?.['n'])).toEqual([3, 13]);
    tail.leave();
    const sent = await fetch(`${appliance.url}/api/v1/streams/orders/events?parser=syslog`, {
      method: 'POST',
      body: 'no syslog 1\nno syslog 2\n',
      headers: {
        authorization: `Bearer ${appliance.adminKey}`,
        'content-type': 'text/plain',
        prefer: 'wait=30',
      },
    });
    expect(await sent.json()).toMatchObject({ stored: 0, quarantined: 2 });
    await appliance.restart({ ALLUVIUM_FAULT_POINTS: 'quarantine.after-state:1' });
    const { body: begun } = await call('POST', '/api/v1/quarantine/replay', { parser: 'plain' });
    expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
    await appliance.restart({ ALLUVIUM_FAULT_POINTS: '' });
    const job = async () => (await call('GET', `/api/v1/jobs/${String(begun['job'])}`)).body['state'];
    await expect.poll(job, { timeout: 60_000 }).toBe('done');
    expect((await call('GET', '/api/v1/quarantine/counts')).body).toMatchObject({ total: 0 });
    const replayed = await call('POST', '/api/v1/logs', {
      stream: 'orders',
      search: 'syslog',
      start_time: 'now-1h',
    });
    expect(replayed.body).toMatchObject({ total: 2 });
    expect((await call('GET', '/api/v1/streams/orders/roll-ups/check')).body).toMatchObject({ ok: true });
  });

  it('leaves day by day as its policy says, but for what is held and what came since; no archive takes it', async () => {
    await start();
    const send = async (of: string, count: number) => {
      const events = Array.from({ length: count }, (_, n) => ({ timestamp: `${of}T00:00:0${n}Z`, n }));
      const body = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      await new ApiClient(appliance).send('orders', body, { prefer: 'wait=30' });
    };
    for (const [of, count] of [
      ['2025-06-01', 5],
      ['2025-06-02', 7],
      ['2025-06-03', 9],
    ] as const)
      await send(of, count);
    const policies = { 'stream:orders': { keep: 'search 1d -> archive 29d -> delete' } };
    const { body: plan } = await call('POST', '/api/v1/retention/plan', { policies });
    expect(plan).toMatchObject({
      ...{ totals: { leaves: { units: 3, events: 21 } }, copying: [], moving: [] },
      streams: expect.arrayContaining([
        expect.objectContaining({ stream: 'orders', keep: 'search 30d -> delete' }),
      ]),
    });
    await send('2025-06-01', 3);
    const held = { start_time: '2025-06-02T00:00:00Z', end_time: '2025-06-02T00:00:01Z' };
    await call('POST', '/api/v1/holds', { stream: 'orders', reason: 'case 7', ...held });
    await call('POST', '/api/v1/retention/apply', { plan: plan['id'] });
    const run = async () => (await call('GET', `/api/v1/retention/runs/${String(plan['id'])}`)).body;
    await expect.poll(run, { timeout: 60_000 }).toMatchObject({
      ...{ state: 'done', removed: { units: 2, events: 14 }, kept: { units: 1, events: 7 } },
      read_back: { gone: 1, with_later_events: 1, wrong: 0 },
    });
    const documents = mongodb.client.db(database).collection('events.default.orders');
    expect(await documents.countDocuments()).toBe(10);
    expect((await call('GET', '/api/v1/streams/orders/roll-ups/check')).body).toMatchObject({ ok: true });
    await expect
      .poll(async () => (await new ApiClient(appliance).ledger()).body.residue, { timeout: 60_000 })
      .toBe(0);
  });

  it.runIf(mongodb.nodes.length > 0).each([
    ['the embedded bus', async () => ({})],
    ['Kafka', kafka],
  ])(
    'has each acknowledged event exactly once after kill -9 of the appliance and of MongoDB, over %s',
    async (_bus, settings: () => Promise<Record<string, string>>) => {
      await start(await settings());
      const node = mongodb.nodes[0] as RunningEngine;
      const acknowledged: number[] = [];
      let next = 0;
      const send = async (headers = {}) => {
        const some = [next, (next += 40)] as const;
        const answer = await new ApiClient(appliance)
          .send('orders', numbered(...some), headers)
          .catch(() => undefined);
        if (answer?.status === 202 || answer?.status === 200)
          acknowledged.push(...upTo(40).map((n) => some[0] + n));
      };
      await send({ prefer: 'wait=30' });
      for (const point of ['after-state', 'insert-answered', 'after-insert', 'before-commit']) {
        await appliance.restart({ ALLUVIUM_FAULT_POINTS: `worker.${point}:1` });
        await send();
        await appliance.exited;
      }
      await appliance.restart({ ALLUVIUM_FAULT_POINTS: '' });
      await send();
      await node.end('SIGKILL');
      await send();
      await node.start();
      await appliance.kill();
      await appliance.restart();
      await send({ prefer: 'wait=30' });
      const found = () => numbers({ stream: 'orders', limit: 1_000 });
      await expect.poll(found, { timeout: 60_000 }).toEqual(expect.arrayContaining(acknowledged));
      const all = await found();
      expect(new Set(all).size).toBe(all.length);
      expect(acknowledged.length).toBeGreaterThan(200);
      expect((await call('GET', '/api/v1/streams/orders/roll-ups/check')).body).toMatchObject({ ok: true });
      await expect
        .poll(async () => (await new ApiClient(appliance).ledger()).body.residue, { timeout: 60_000 })
        .toBe(0);
    },
    240_000,
  );
});
