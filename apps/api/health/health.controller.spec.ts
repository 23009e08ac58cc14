import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBusError } from '#event-bus';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.stop());

async function probe(path: string, authorization?: string) {
  const answer = await api.inject({
    url: `/health/${path}`,
    ...(authorization && { headers: { authorization } }),
  });
  return [answer.statusCode, answer.json()];
}

describe('readiness', () => {
  it('is up, and says no more without a key', async () => {
    expect(await probe('ready')).toEqual([200, { status: 'up' }]);
    expect(await probe('ready', 'Bearer nonsense')).toEqual([200, { status: 'up' }]);
    expect(await probe('ready', api.access.add('agent', ['events:write']))).toEqual([200, { status: 'up' }]);
  });

  it('shows details to a key that may see metrics', async () => {
    const [, body] = await probe('ready', api.access.add('probe', ['metrics']));
    expect(body.details).toMatchObject({
      process: { status: 'up', phase: 'running' },
      bus: { status: 'up', bytes: 0 },
      disk: { status: 'up', free_bytes: 1e12 },
      search: { status: 'up' },
      jobs: { status: 'up' },
    });
  });

  it('is down while the bus is broken, and up again after', async () => {
    api.bus.failure = new EventBusError('bus_unavailable', 'input/output error');
    expect(await probe('ready')).toEqual([503, { status: 'down' }]);
    api.bus.failure = undefined;
    expect(await probe('ready')).toEqual([200, { status: 'up' }]);
  });

  it('is down at the disk reserve and while the process ends', async () => {
    api.disk.freeBytes = 0;
    expect(await probe('ready')).toEqual([503, { status: 'down' }]);
    api.disk.freeBytes = 1e12;
    api.health.markDraining();
    expect(await probe('ready')).toEqual([503, { status: 'down' }]);
    expect(await probe('live')).toEqual([200, { status: 'up' }]);
  });

  it('is degraded while a disk is so full that some streams are refused, and says so', async () => {
    api.disk.freeBytes = 2e12 * 0.3;
    expect(await probe('ready')).toEqual([200, { status: 'up' }]);
    api.disk.freeBytes = 2e12 * 0.2;
    expect(await probe('ready')).toEqual([200, { status: 'degraded' }]);
    const [, body] = await probe('ready', api.access.add('probe', ['metrics']));
    expect(body.details.disk).toMatchObject({
      level: 'low_refused',
      used_percent: 80,
      places: ['data', 'log', 'tier', 'catalogue'],
    });
  });

  it('is degraded, yet ready, where only searches fail', async () => {
    api.tier.failure = new Error('engine is gone');
    expect(await probe('ready')).toEqual([200, { status: 'degraded' }]);
  });

  it('is degraded where jobs wait, and says why', async () => {
    const queue = api.app.get<InspectableJobQueue>(JOB_QUEUE);
    queue.status = () => ({ fault: 'Redis is out' });
    expect(await probe('ready')).toEqual([200, { status: 'degraded' }]);
    const [, body] = await probe('ready', api.access.add('probe', ['metrics']));
    expect(body.details.jobs).toEqual({ status: 'degraded', error: 'Redis is out' });
  });

  it('is degraded, no more, where the engine of searches keeps silent', async () => {
    api.tier.ping = () => new Promise(() => undefined);
    expect(await probe('ready')).toEqual([200, { status: 'degraded' }]);
  });
});

it('startup is down until the start is over', async () => {
  expect(await probe('startup')).toEqual([200, { status: 'up' }]);
  Object.defineProperty(api.health, 'started', { value: false });
  expect(await probe('startup')).toEqual([503, { status: 'down' }]);
});
