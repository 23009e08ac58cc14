import { afterAll, afterEach, expect, it } from 'vitest';
import { startTestServer } from '../../plugins/tier-clickhouse/testing/test-server.js';
import type { RunningEngine } from '../../tools/engines/start-engine.mjs';
import { freePort } from '../support/free-port.js';
import { restartAtPoint } from '../support/restart-at-point.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { startTestMongodb } from '../support/test-mongodb.js';
import { CopiesRig, numbered, numbersOf } from './copies-rig.js';
import { ask, startEngines } from './several-processes.js';

const [mongodb, server] = await Promise.all([startTestMongodb(), startTestServer()]);
const SOON = { timeout: 90_000 };
const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});
afterAll(() => Promise.all([mongodb.stop(), server.stop()]));

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at);
const clickhouse = () => ({
  ...{ CLICKHOUSE_URL: server.url, CLICKHOUSE_USER: server.user, CLICKHOUSE_PASSWORD: server.password() },
});

it.runIf(mongodb.nodes.length > 0)(
  'each acknowledged event is found exactly once in both stores, through kill -9 of the appliance and of MongoDB and cut connections',
  async () => {
    const node = mongodb.nodes[0] as RunningEngine;
    const proxy = await TcpProxy.start(node.ports[0] as number, await freePort());
    ended.push(() => proxy.close());
    const place = mongodb.place();
    const through = { ...place, uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true` };
    const rig = await CopiesRig.start(through, clickhouse());
    ended.push(() => rig.appliance.dispose());
    const acknowledged: number[] = [];
    let next = 0;
    const send = async () => {
      const [from, to] = [next, (next += 40)];
      const answer = await rig.send(numbered(from, to)).catch(() => undefined);
      if (answer?.status === 202 || answer?.status === 200)
        acknowledged.push(...upTo(40).map((n) => from + n));
    };
    await send();
    const points = ['worker.after-insert', 'worker.before-commit', 'copies.before-copy', 'copies.copied'];
    for (const point of points) {
      await restartAtPoint(rig.appliance, `${point}:1`);
      await send();
      expect(await rig.appliance.exited).toMatchObject({ signal: 'SIGKILL' });
    }
    await rig.appliance.restart({ ALLUVIUM_FAULT_POINTS: '' });
    await send();
    for (let n = 0; n < 5; n += 1) {
      const sending = send();
      proxy.cut();
      await sending;
    }
    const beforeOutage = send();
    await node.end('SIGKILL');
    await node.start();
    await beforeOutage;
    await send();
    await rig.appliance.kill();
    await rig.appliance.restart();
    await send();
    await expect
      .poll(async () => numbersOf(await rig.events()), SOON)
      .toEqual(expect.arrayContaining(acknowledged));
    await expect
      .poll(async () => numbersOf(await rig.events('documents')), SOON)
      .toEqual(numbersOf(await rig.events()));
    const found = numbersOf(await rig.events('documents'));
    expect(new Set(found).size).toBe(found.length);
    expect(acknowledged.length).toBeGreaterThan(200);
    const documents = mongodb.client.db(place.database).collection('events.default.orders');
    expect(await documents.countDocuments()).toBe(found.length);
  },
  240_000,
);

it('of two workers the other one goes on copying when the one that copies is killed', async () => {
  const engines = await startEngines();
  ended.push(() => engines.stop());
  const api = await (await engines.prepare('api')).restart();
  const workers = [await engines.prepare('worker'), await engines.prepare('worker')];
  for (const worker of workers) await worker.restart();
  const made = { method: 'POST', json: { name: 'orders', stored_in: 'both' } };
  expect((await ask(api, '/api/v1/streams', made)).status).toBe(201);
  const send = async (from: number): Promise<void> => {
    const json = upTo(50).map((n) => ({ message: 'shared', n: from + n }));
    const headers = { prefer: 'wait=30' };
    const sent = await ask(api, '/api/v1/streams/orders/events', { method: 'POST', json, headers });
    expect(sent.body).toMatchObject({ stored: 50 });
  };
  const copied = async (): Promise<unknown> => {
    const json = { stream: 'orders', from: 'documents', limit: 1_000 };
    const { body } = await ask(api, '/api/v1/logs', { method: 'POST', json });
    return numbersOf((body['logs'] as never) ?? String(body['code']));
  };
  const copies = () => workers.find((worker) => worker.output().includes('runs the jobs of the role worker'));
  await expect.poll(copies, SOON).toBeDefined();
  await send(0);
  await expect.poll(copied, SOON).toEqual(upTo(50));
  const first = copies();
  await first?.kill();
  for (const from of [50, 100, 150]) await send(from);
  await expect.poll(copied, SOON).toEqual(upTo(200));
  await first?.restart();
  await send(200);
  await expect.poll(copied, SOON).toEqual(upTo(250));
}, 240_000);
