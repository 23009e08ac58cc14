import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Catalogue } from '#catalogue';
import { MemoryCatalogue, type MemoryDisk } from '#catalogue/testing';
import { BullMqJobQueue } from '../bullmq/bullmq-job-queue.js';
import { redisOptions } from '../bullmq/redis-options.js';
import type { QueueTime } from '../bullmq/timing.js';
import type { InspectableJobQueue } from '../job-queue.port.js';
import { SYSTEM_CLOCK } from '../records/job-clock.js';
import type { RedisPlace } from '../redis-place.js';
import type { JobQueueHarness } from './contract-case.js';
import type { OpenQueue } from './in-process-harness.js';
import { ManualClock } from './manual-clock.js';
import { openWay } from './way.js';

/** For tests of what is done in real time. */
export const REAL_CLOCK = SYSTEM_CLOCK;

/** Short, since a crash is waited for in real time. */
const TIMES = { leaseMs: 400, stalledMs: 150, restoreMs: 300 };
const RING_MS = 15;
const SETTLE_MS = 300;

/**
 * A harness on a real Redis. Redis has a clock of its own that can't be moved, so here every alarm rings all the time: when
 * a job is due the queue's clock says. A crash cuts the way to Redis for good and leaves the old queue running on a disk that
 * nobody will read.
 */
export async function startRedisHarness(
  place: RedisPlace,
  seeded: (sound: OpenQueue) => OpenQueue = (sound) => sound,
): Promise<JobQueueHarness> {
  const clock = new ManualClock();
  const redis = { ...place, prefix: `case-${randomUUID()}` };
  const ways: { cut(): void }[] = [];
  const open = seeded(async (catalogue) => {
    const way = await openWay(redis);
    ways.push(way);
    const time = { ...TIMES, clock };
    return openReady(catalogue, { ...redis, url: way.url }, { time, process: randomUUID() });
  });
  let disk: MemoryDisk = new Map();
  const queue = await open(new MemoryCatalogue(disk), clock);
  const opened: InspectableJobQueue[] = [queue];
  const bell = ringAlways(redis);
  return {
    queue,
    advance: (ms) => clock.advance(ms),
    settle: () => pause(SETTLE_MS),
    async crash() {
      for (const way of ways) way.cut();
      disk = new Map([...disk].map(([name, documents]) => [name, new Map(documents)]));
      const after = await open(new MemoryCatalogue(disk), clock);
      opened.push(after);
      return after;
    },
    async stop() {
      bell.stop();
      // Handlers that a case left waiting never end, so their queue's stop is not waited for.
      for (const each of opened) void each.stop();
    },
  };
}

/** A queue on a Redis that it has found fit already, so that nothing waits for that in a case. */
export async function openReady(
  catalogue: Catalogue,
  redis: RedisPlace,
  one: { readonly time: QueueTime; readonly process: string },
): Promise<InspectableJobQueue> {
  let isUp: () => void = () => undefined;
  const up = new Promise<void>((resolve) => (isUp = resolve));
  const told = (problem: string | undefined): void => void (problem === undefined && isUp());
  const queue = await BullMqJobQueue.open(catalogue, { redis, told, ...one });
  // A Redis that refuses the queue is a matter of the case.
  await Promise.race([up, pause(1_000)]);
  return queue;
}

function ringAlways(redis: RedisPlace): { stop(): void } {
  const client = new Redis(redisOptions(redis));
  const prefix = `{${redis.prefix}}`;
  const queues = new Map<string, Queue>();
  let stopped = false;
  const ring = async (): Promise<void> => {
    for (const key of await client.keys(`${prefix}:*:delayed`)) {
      const kind = key.slice(prefix.length + 1, -':delayed'.length);
      const queue = queues.get(kind) ?? new Queue(kind, { connection: client, prefix });
      queues.set(kind, queue);
      await queue.promoteJobs();
    }
  };
  const ended = (async () => {
    while (!stopped) {
      await ring();
      await pause(RING_MS);
    }
    client.disconnect();
  })();
  ended.catch(() => undefined);
  return { stop: () => void (stopped = true) };
}
