import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue, type MemoryDisk } from '#catalogue/testing';
import type { InspectableJobQueue, RedisPlace } from '#job-queue';
import { openReady, openWay, REAL_CLOCK, until, untilRecord, WatchedHandler } from '#job-queue/testing';
import { loseAll, startTestRedis } from '../../support/test-redis.js';

const TIME = { clock: REAL_CLOCK, leaseMs: 600, stalledMs: 150, restoreMs: 200 };
const JOB = { kind: 'sweep', id: 'a' };
const server = await startTestRedis();
const opened: InspectableJobQueue[] = [];
let redis: RedisPlace;
let disk: MemoryDisk;
let client: Redis;
beforeEach(() => {
  redis = { ...server.place, prefix: `trouble-${randomUUID()}` };
  disk = new Map();
  client = new Redis(redis.url, { password: redis.password });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.stop()));
  client.disconnect();
});
afterAll(() => server.stop());

const aProcess = (): Parameters<typeof openReady>[2] => ({ process: randomUUID(), time: TIME });

async function open(place = redis, one = aProcess()): Promise<InspectableJobQueue> {
  const queue = await openReady(new MemoryCatalogue(disk), place, one);
  opened.push(queue);
  return queue;
}

describe('what Redis loses', () => {
  it('is set again from the catalogue: what waits, what runs, what comes again', async () => {
    const queue = await open();
    const handler = new WatchedHandler();
    queue.process('sweep', handler.handle, { concurrency: 2 });
    await queue.add({ ...JOB, everyMs: 300 });
    const first = await handler.run(1);
    await queue.add({ ...JOB, id: 'later', delayMs: 500 });
    await loseAll(server, redis);
    const later = await handler.run(2);
    expect(later.job.id).toBe('later');
    expect(handler.mostActive).toBe(2);
    later.end();
    first.end();
    (await handler.run(3)).end();
    await untilRecord(queue, { ...JOB, id: 'later' }, { state: 'done' });
  });

  it('is nothing that a job has in it', async () => {
    const queue = await open();
    await queue.add({ ...JOB, delayMs: 60_000, payload: { secret: 'payload' } });
    await until(
      'the alarm is set',
      async () => (await client.keys(`{${redis.prefix}}:sweep:j.*`)).length === 1,
    );
    const [key = ''] = await client.keys(`{${redis.prefix}}:sweep:j.*`);
    expect(JSON.stringify(await client.hgetall(key))).not.toContain('payload');
  });
});

describe('two processes on one catalogue', () => {
  it('never run a job twice at once, and each sees what the other did', async () => {
    const [one, other] = [await open(), await open()];
    const handler = new WatchedHandler();
    one.process('sweep', handler.handle, { concurrency: 4 });
    other.process('sweep', handler.handle, { concurrency: 4 });
    await one.add(JOB);
    const run = await handler.run(1);
    await loseAll(server, redis);
    // Longer than a lease: the run renews it, and Redis knows nothing of it any more.
    await pause(2 * TIME.leaseMs);
    expect(handler.mostActive).toBe(1);
    expect(await other.find('sweep', 'a')).toMatchObject({ state: 'running' });
    for (const queue of [one, other]) expect(await queue.cancel('sweep', 'a')).toBe(queue === one);
    await until('the run hears of it', () => run.job.signal.aborted);
    run.fail(new Error('aborted'));
    await other.add(JOB);
    (await handler.run(2)).end();
    await untilRecord(one, JOB, { state: 'done' });
  });

  it('take up what the other one had when it was killed', async () => {
    const way = await openWay(redis);
    const dead = await open({ ...redis, url: way.url });
    const handler = new WatchedHandler();
    dead.process('sweep', () => new Promise(() => undefined));
    await dead.add({ ...JOB, attempts: 1 });
    await untilRecord(dead, JOB, { state: 'running' });
    opened.pop();
    way.cut();
    // It renews nothing any more: its catalogue is what it was.
    disk = new Map([...disk].map(([name, documents]) => [name, new Map(documents)]));
    const alive = await open();
    alive.process('sweep', handler.handle);
    const again = await handler.run(1);
    expect(again.job.attempt).toBe(1);
    again.end();
    await untilRecord(alive, JOB, { state: 'done' });
  });
});

it('a process that was killed goes on with its jobs as soon as it is started again, while their old leases last', async () => {
  const way = await openWay(redis);
  const life = { process: 'worker-1', time: { ...TIME, leaseMs: 600_000, stalledMs: 600_000 } };
  const dead = await open({ ...redis, url: way.url }, life);
  dead.process('sweep', () => new Promise(() => undefined));
  await dead.add({ ...JOB, attempts: 1, everyMs: 100 });
  await untilRecord(dead, JOB, { state: 'running' });
  opened.pop();
  way.cut();
  disk = new Map([...disk].map(([name, documents]) => [name, new Map(documents)]));
  const another = await open(redis, { ...life, process: 'worker-2' });
  expect(await another.find('sweep', 'a')).toMatchObject({ state: 'running' });
  await another.stop();
  const handler = new WatchedHandler();
  (await open(redis, life)).process('sweep', handler.handle);
  const again = await handler.run(1);
  expect(again.job.attempt).toBe(1);
  again.end();
});

describe('a Redis that is not fit', () => {
  const faultOf = async (place: Partial<RedisPlace>) => (await open({ ...redis, ...place })).status().fault;

  it('is said with the setting by which it is mended', async () => {
    expect(await faultOf({ password: 'another' })).toMatch(/REDIS_PASSWORD/);
    expect(await faultOf({ url: 'redis://127.0.0.1:1' })).toMatch(/ECONNREFUSED.*REDIS_URL/);
    expect(await faultOf({ url: redis.url.replace('redis:', 'rediss:') })).toMatch(/REDIS_URL/);
    await (await open()).add(JOB);
    disk = new Map();
    expect(await faultOf({})).toMatch(/REDIS_PREFIX/);
  });

  it.runIf(server.engine)('is used again as soon as it is', async () => {
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const queue = await open();
    const handler = new WatchedHandler();
    queue.process('sweep', handler.handle);
    expect(await queue.add(JOB)).toEqual({ added: true });
    expect(queue.status().fault).toMatch(/allkeys-lru.*noeviction/);
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    await until('it is well', () => queue.status().fault === undefined);
    (await handler.run(1)).end();
  });

  it.runIf(server.engine)('needs no more rights than the guide says', async () => {
    const { prefix } = redis;
    const rights = [`~{${prefix}}:*`, '&*', '+@all', '-@admin', '-@dangerous', '+info'];
    await client.call('ACL', 'SETUSER', prefix, 'on', '>p', ...rights);
    const queue = await open({ ...redis, user: prefix, password: 'p' });
    expect(queue.status()).toEqual({ engine: 'redis' });
    queue.process('sweep', async () => undefined);
    await queue.add({ ...JOB, delayMs: 100 });
    await untilRecord(queue, JOB, { state: 'done' });
    await client.call('ACL', 'SETUSER', prefix, '-eval');
    await until('it lacks one', () => queue.status().fault?.includes('rights') ?? false);
  });

  it('does not keep the process from ending', async () => {
    const way = await openWay(redis);
    const queue = await open({ ...redis, url: way.url });
    queue.process('sweep', async () => undefined);
    way.cut();
    await until('it is out', () => queue.status().fault !== undefined);
    // The test's own time is what it has.
    await expect(queue.stop()).resolves.toBeUndefined();
  });
});
