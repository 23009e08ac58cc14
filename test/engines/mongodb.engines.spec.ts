import { afterAll, afterEach, expect, it } from 'vitest';
import type { RunningEngine } from '../../tools/engines/start-engine.mjs';
import { ApiClient } from '../support/api-client.js';
import { freePort } from '../support/free-port.js';
import { Appliance, startAppliance } from '../support/start-appliance.js';
import { settingsOf, startTestMongodb } from '../support/test-mongodb.js';

const mongodb = await startTestMongodb();
let appliance: Appliance;
afterEach(() => appliance.dispose());
afterAll(() => mongodb.stop());

async function call(method: string, path: string, json?: unknown): Promise<Record<string, unknown>> {
  const headers = {
    authorization: `Bearer ${appliance.adminKey}`,
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  const init = json === undefined ? {} : { body: JSON.stringify(json) };
  const answer = await fetch(`${appliance.url}${path}`, { method, headers, ...init });
  return (await answer.json()) as Record<string, unknown>;
}

const numbered = (from: number, to: number) =>
  Buffer.from(Array.from({ length: to - from }, (_, i) => `{"message":"kept","n":${from + i}}\n`).join(''));

async function found(stream: string): Promise<number[]> {
  const { logs } = (await call('POST', '/api/v1/logs', { stream, limit: 1_000 })) as {
    logs?: { attributes: { n: number } }[];
  };
  return (logs ?? []).map(({ attributes }) => attributes.n).toSorted((a, b) => a - b);
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const part = async () =>
  ((await call('GET', '/health/ready'))['details'] as Record<string, unknown>)['catalogue'];

it('keeps keys and streams on MongoDB; events are found exactly once over kill -9 of both', async () => {
  const env = settingsOf(mongodb.place());
  appliance = await startAppliance({ env });
  const key = appliance.adminKey;
  expect(await part()).toMatchObject({
    status: 'up',
    members_alive: mongodb.nodes.length || expect.any(Number),
  });
  await call('POST', '/api/v1/streams', { name: 'orders', event_type: 'log' });
  expect(
    (await new ApiClient(appliance).send('orders', numbered(0, 50), { prefer: 'wait=30' })).body,
  ).toMatchObject({
    stored: 50,
  });
  expect((await new ApiClient(appliance).send('orders', numbered(50, 100))).status).toBe(202);
  await appliance.kill();
  const [node] = mongodb.nodes;
  if (node) {
    await node.end('SIGKILL');
    await node.start();
  }
  await appliance.restart();
  expect(appliance.adminKey).toBe(key);
  await expect.poll(() => found('orders'), { timeout: 30_000 }).toEqual(upTo(100));
  const metrics = await (await fetch(`${appliance.url}/metrics`)).text();
  expect(metrics).toContain('alluvium_engine_up{engine="mongodb"} 1');
  expect(metrics).toMatch(/alluvium_catalogue_write_seconds_bucket\{le="0\.2"\} [1-9]/);
  expect(appliance.output()).not.toContain(env['MONGODB_PASSWORD'] ?? 'no password');
}, 120_000);

it.runIf(mongodb.nodes.length > 0)(
  'takes events while MongoDB is out, says so, and stores them once it is back',
  async () => {
    const node = mongodb.nodes[0] as RunningEngine;
    appliance = await startAppliance({ env: settingsOf(mongodb.place()) });
    const api = new ApiClient(appliance);
    expect((await api.send('default', numbered(0, 10), { prefer: 'wait=30' })).body).toMatchObject({
      stored: 10,
    });
    await node.end('SIGKILL');
    await expect
      .poll(part, { timeout: 30_000 })
      .toMatchObject({ status: 'degraded', error: expect.stringContaining('MONGODB_URI') });
    expect((await api.send('default', numbered(10, 20))).status).toBe(202);
    expect(await call('POST', '/api/v1/streams', { name: 'later', event_type: 'log' })).toMatchObject({
      status: 503,
      code: 'catalogue_unavailable',
    });
    expect(await found('default')).toEqual(upTo(10));
    await node.start();
    await expect.poll(part, { timeout: 30_000 }).toMatchObject({ status: 'up' });
    await expect.poll(() => found('default'), { timeout: 60_000 }).toEqual(upTo(20));
    expect((await api.send('default', numbered(20, 30), { prefer: 'wait=30' })).body).toMatchObject({
      stored: 10,
    });
  },
  180_000,
);

it.runIf(mongodb.nodes.length > 0)(
  'need not have MongoDB when it starts: it lives, refuses, and is ready by itself',
  async () => {
    const node = mongodb.nodes[0] as RunningEngine;
    const port = await freePort();
    await node.end('SIGKILL');
    appliance = await Appliance.prepare({
      env: { ...settingsOf(mongodb.place()), ALLUVIUM_HTTP_PORT: String(port) },
      startTimeoutMs: 60_000,
    });
    const starting = appliance.restart();
    const ask = (path: string, init?: RequestInit) =>
      fetch(`http://127.0.0.1:${port}${path}`, init).catch(() => undefined);
    await expect.poll(async () => (await ask('/health/live'))?.status, { timeout: 20_000 }).toBe(200);
    expect((await ask('/health/ready'))?.status).toBe(503);
    const refused = await ask('/api/v1/events', { method: 'POST', body: '{}' });
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused?.json()).toMatchObject({ code: 'catalogue_unavailable' });
    await expect.poll(() => appliance.output(), { timeout: 20_000 }).toMatch(/MongoDB.*MONGODB_URI/);
    await node.start();
    await starting;
    expect(await part()).toMatchObject({ status: 'up' });
  },
  120_000,
);

it('is not started on another catalogue than its data directory was begun with', async () => {
  appliance = await startAppliance({ env: settingsOf(mongodb.place()) });
  await expect(appliance.restart(settingsOf(mongodb.place()))).rejects.toThrow(/catalogue_elsewhere/);
  await expect(
    appliance.restart({ MONGODB_URI: '', MONGODB_USER: '', MONGODB_PASSWORD: '' }),
  ).rejects.toThrow(/set MONGODB_URI/);
});
