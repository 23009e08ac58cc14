import { readFileSync } from 'node:fs';
import { isOneOfSeveral, type Settings } from '#app-config';
import type { QueueOnRedis, RedisPlace } from '#job-queue';
import { processName } from './process-name.js';

/** The queue on the Redis that settings name; undefined where they name none. */
export function queueOnRedis(settings: Settings): QueueOnRedis | undefined {
  const redis = redisPlace(settings);
  const { boot } = settings;
  return redis && { redis, process: processName(boot.dataDir), isShared: isOneOfSeveral(boot) };
}

function redisPlace({ boot }: Settings): RedisPlace | undefined {
  if (boot.redisUrl === undefined) return undefined;
  return {
    url: boot.redisUrl,
    user: boot.redisUser,
    password: boot.redisPassword?.reveal() ?? '',
    ...(boot.redisTlsCa !== undefined && { ca: readFileSync(boot.redisTlsCa, 'utf8') }),
    sentinels: boot.redisSentinels ?? [],
    sentinelPassword: boot.redisSentinelPassword?.reveal() ?? '',
    prefix: boot.redisPrefix,
  };
}
