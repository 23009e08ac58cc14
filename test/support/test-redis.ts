import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { redis } from '../../tools/engines/redis.mjs';
import { startEngine, type RunningEngine } from '../../tools/engines/start-engine.mjs';
import type { RedisPlace } from '#job-queue';

/** A Redis for tests. */
export interface TestRedis {
  readonly place: RedisPlace;
  /** The process; undefined where `REDIS_URL` names a server that runs elsewhere. */
  readonly engine: RunningEngine | undefined;
  stop(): Promise<void>;
}

/** The Redis that `REDIS_URL` names; else one of this test run's own. Each has a prefix that nobody else uses. */
export async function startTestRedis(): Promise<TestRedis> {
  const { REDIS_URL: url, REDIS_PASSWORD: password = '' } = process.env;
  const prefix = `test-${randomUUID()}`;
  const rest = { user: 'default', sentinels: [], sentinelPassword: '', prefix };
  if (url !== undefined)
    return { place: { ...rest, url, password }, engine: undefined, stop: async () => undefined };
  const engine = await startEngine(redis, { password: randomUUID() });
  const { REDIS_URL = '', REDIS_PASSWORD = '' } = engine.variables;
  return {
    place: { ...rest, url: REDIS_URL, password: REDIS_PASSWORD },
    engine,
    stop: () => engine.stop(),
  };
}

/** Takes away all that Redis has; of one that runs elsewhere what is under the prefix. */
export async function loseAll({ engine }: TestRedis, { url, password, prefix }: RedisPlace): Promise<void> {
  const client = new Redis(url, { password });
  const keys = await client.keys(`{${prefix}}:*`);
  if (engine) await client.flushall();
  else if (keys.length > 0) await client.unlink(...keys);
  client.disconnect();
}
