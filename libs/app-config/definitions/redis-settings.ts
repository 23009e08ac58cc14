import { z } from 'zod';
import { bootSetting } from './setting.js';
import { listText, secret, text } from './text-types.js';
import type { ValueType } from './value-type.js';

/** User and password have settings of their own, so that this one may be shown. */
const redisUrl: ValueType<string> = {
  schema: z.string().trim().refine(isRedisUrl),
  expected: 'redis:// or rediss://, a host, a port and /number of a database, with no user and no password',
  print: String,
};

function isRedisUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') return false;
  return /^(\/\d{0,5})?$/.test(url.pathname) && !text.includes('@') && !/[?#]/.test(text);
}

const sentinels: ValueType<readonly string[]> = {
  schema: listText.pipe(z.array(z.string().refine(isHostAndPort)).min(1)),
  expected: 'a comma list of host:port',
  print: (value) => value.join(','),
};

function isHostAndPort(text: string): boolean {
  return /^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(text) && URL.canParse(`redis://${text}`);
}

const keyPrefix: ValueType<string> = {
  schema: z
    .string()
    .trim()
    .regex(/^[\w.-]{1,100}$/),
  expected: '1 to 100 of letters, digits, "_", "." and "-"',
  print: String,
};

/** The Redis that wakes processes for jobs; as other programs name it, without a prefix. */
export const redisSettings = {
  redisUrl: bootSetting({
    path: 'redis.url',
    env: 'REDIS_URL',
    type: redisUrl,
    otherwise: 'jobs are run by the process alone',
    description:
      'A Redis (6.2 or newer) by which jobs are run: `redis://host:6379`, `rediss://` with TLS, `/2` for another database. With `REDIS_SENTINELS` the host is the name of the master.',
    masked: true,
  }),
  redisUser: bootSetting({
    path: 'redis.user',
    env: 'REDIS_USER',
    type: text('the name of a user'),
    default: 'default',
    description: 'User of Redis, where a password is set.',
  }),
  redisPassword: bootSetting({
    path: 'redis.password',
    env: 'REDIS_PASSWORD',
    type: secret(/^[^\r\n]+$/, 'the password of the user'),
    otherwise: 'Redis wants none',
    description: 'Password of that user.',
    secret: true,
  }),
  redisTlsCa: bootSetting({
    path: 'redis.tls_ca',
    env: 'REDIS_TLS_CA',
    type: text('the path of a PEM file'),
    otherwise: 'those that Node trusts',
    description: 'Authorities that the certificates of Redis and of its Sentinels are checked by.',
  }),
  redisSentinels: bootSetting({
    path: 'redis.sentinels',
    env: 'REDIS_SENTINELS',
    type: sentinels,
    otherwise: 'the host of `REDIS_URL` is the server itself',
    description: 'Sentinels that are asked which server is the master of the name in `REDIS_URL`.',
  }),
  redisSentinelPassword: bootSetting({
    path: 'redis.sentinel_password',
    env: 'REDIS_SENTINEL_PASSWORD',
    type: secret(/^[^\r\n]+$/, 'the password of the Sentinels'),
    otherwise: 'the Sentinels want none',
    description: 'Password of the Sentinels themselves.',
    secret: true,
  }),
  redisPrefix: bootSetting({
    path: 'redis.prefix',
    env: 'REDIS_PREFIX',
    type: keyPrefix,
    default: 'alluvium',
    description: 'Begins every key in Redis, in braces. Appliances that share a Redis need one each.',
  }),
};
