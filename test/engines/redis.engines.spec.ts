import { afterAll, afterEach, expect, it } from 'vitest';
import { loseAll, startTestRedis } from '../support/test-redis.js';
import type { RunningEngine } from '../../tools/engines/start-engine.mjs';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20'];
const PER_DAY = 6_000;
const RANGE = { start_time: '2026-11-18T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };
const doors = (pattern: string) => ({ kind: 'regex', options: { patterns: [pattern] } });
const OLD = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>.*)$';
const MENDED = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>room=(?<room>\\w+).*)$';

const redis = await startTestRedis();
const env = {
  REDIS_URL: redis.place.url,
  REDIS_PASSWORD: redis.place.password,
  REDIS_PREFIX: redis.place.prefix,
};
let appliance: Appliance;
afterEach(() => appliance.dispose());
afterAll(() => redis.stop());

async function call(method: string, path: string, json?: unknown): Promise<Record<string, unknown>> {
  const headers = {
    authorization: `Bearer ${appliance.adminKey}`,
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  const init = json === undefined ? {} : { body: JSON.stringify(json) };
  const answer = await fetch(`${appliance.url}${path}`, { method, headers, ...init });
  return (await answer.json()) as Record<string, unknown>;
}

const jobsReport = async () =>
  ((await call('GET', '/health/ready'))['details'] as Record<string, unknown>)['jobs'];
const total = async (query: string) =>
  (await call('POST', '/api/v1/logs', { ...RANGE, query, limit: 1 }))['total'];
const reparse = () => call('GET', '/api/v1/jobs/default.default');

/** Three days of events, whose parser was mended since; begins to parse them again. */
async function beginReparse(): Promise<void> {
  await call('PUT', '/api/v1/parsers/doors', doors(OLD));
  for (const day of DAYS) {
    const lines = Array.from({ length: PER_DAY }, (_, n) => `${day}T08:00:00Z door=ajar room=r${n} x`);
    const sent = await fetch(`${appliance.url}/api/v1/events?parser=doors`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${appliance.adminKey}`,
        'content-type': 'text/plain',
        prefer: 'wait=30',
      },
      body: lines.join('\n'),
    });
    expect(await sent.json()).toMatchObject({ stored: PER_DAY });
  }
  await call('PUT', '/api/v1/parsers/doors', doors(MENDED));
  await call('POST', '/api/v1/streams/default/reparse', RANGE);
  await expect.poll(reparse, { timeout: 30_000, interval: 20 }).toMatchObject({ state: 'running' });
}

async function finishes(): Promise<void> {
  await expect
    .poll(reparse, { timeout: 90_000, interval: 200 })
    .toMatchObject({ state: 'done', progress: 1 });
  expect([await total(''), await total('room:r7')]).toEqual([DAYS.length * PER_DAY, DAYS.length]);
}

it('finishes a job in the middle of which the appliance is killed and Redis loses everything', async () => {
  appliance = await startAppliance({ env });
  await expect.poll(jobsReport).toEqual({ status: 'up' });
  await beginReparse();
  await appliance.kill();
  await loseAll(redis, redis.place);
  await appliance.restart();
  await finishes();
}, 180_000);

it('finishes a job in the middle of which Redis loses everything', async () => {
  const prefix = `${env.REDIS_PREFIX}-2`;
  appliance = await startAppliance({ env: { ...env, REDIS_PREFIX: prefix } });
  await beginReparse();
  await loseAll(redis, { ...redis.place, prefix });
  await finishes();
  await call('POST', '/api/v1/streams/default/reparse', RANGE);
  await expect.poll(reparse, { timeout: 60_000 }).toMatchObject({ state: 'done', progress: 1 });
}, 180_000);

it('says in readiness and in the log what is wrong, takes events, and goes on when it is mended', async () => {
  const prefix = `${env.REDIS_PREFIX}-3`;
  appliance = await startAppliance({
    env: { ...env, REDIS_PREFIX: prefix, REDIS_PASSWORD: 'not-the-password' },
  });
  await expect
    .poll(jobsReport)
    .toMatchObject({ status: 'degraded', error: expect.stringContaining('REDIS_PASSWORD') });
  const api = new ApiClient(appliance);
  expect((await api.send('default', Buffer.from('{"message":"kept"}\n'))).status).toBe(202);
  expect(appliance.output()).toContain('REDIS_PASSWORD');
  expect(appliance.output()).not.toContain('not-the-password');
  await appliance.restart({ REDIS_PASSWORD: env.REDIS_PASSWORD });
  await expect.poll(jobsReport).toEqual({ status: 'up' });
  expect(appliance.output()).not.toContain(env.REDIS_PASSWORD);
});

it.runIf(redis.engine)('need not have Redis when it starts, and takes it up by itself', async () => {
  const engine = redis.engine as RunningEngine;
  await engine.end('SIGKILL');
  appliance = await startAppliance({ env: { ...env, REDIS_PREFIX: `${env.REDIS_PREFIX}-4` } });
  expect(await jobsReport()).toMatchObject({ error: expect.stringContaining('REDIS_URL') });
  await engine.start();
  await expect.poll(jobsReport, { timeout: 15_000 }).toEqual({ status: 'up' });
  await engine.end('SIGKILL');
  await expect.poll(jobsReport, { timeout: 15_000 }).toMatchObject({ status: 'degraded' });
  await engine.start();
  await expect.poll(jobsReport, { timeout: 15_000 }).toEqual({ status: 'up' });
});
