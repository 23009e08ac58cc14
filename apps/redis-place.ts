import { readFileSync } from 'node:fs';
import type { Settings } from '#app-config';
import type { RedisPlace } from '#job-queue';

/** The Redis that settings name; undefined where they name none. */
export function redisPlace({ boot }: Settings): RedisPlace | undefined {
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
