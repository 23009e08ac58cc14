import { expect, it } from 'vitest';
import { fieldsOf, unfit } from './check-redis.js';
import { redisOptions } from './redis-options.js';
import { redisProblem } from './redis-problem.js';

const PLACE = {
  url: 'redis://r.example',
  user: 'u',
  password: '',
  sentinels: [],
  sentinelPassword: '',
  prefix: 'p',
};

it('reaches one Redis, with TLS where its URL says so', () => {
  expect(redisOptions(PLACE)).toMatchObject({ host: 'r.example', port: 6379, db: 0 });
  const secure = redisOptions({ ...PLACE, url: 'rediss://[::1]:7000/3', password: 'p', ca: 'PEM' });
  expect(secure).toMatchObject({
    host: '::1',
    port: 7000,
    db: 3,
    username: 'u',
    password: 'p',
    tls: { ca: 'PEM' },
  });
  expect(redisOptions(PLACE)).not.toHaveProperty('tls');
});

it('asks Sentinels for the master of the name in the URL, by TLS too', () => {
  const sentinels = ['a:1', '[::1]'];
  const options = redisOptions({ ...PLACE, url: 'rediss://mymaster', sentinels, sentinelPassword: 's' });
  expect(options).toMatchObject({
    name: 'mymaster',
    sentinels: [
      { host: 'a', port: 1 },
      { host: '::1', port: 26_379 },
    ],
    sentinelPassword: 's',
    enableTLSForSentinelMode: true,
  });
  expect(options).not.toHaveProperty('host');
});

it('says what keeps a Redis from being used', () => {
  const fit = {
    redis_version: '7.0.15',
    redis_mode: 'standalone',
    role: 'master',
    maxmemory_policy: 'noeviction',
  };
  expect(unfit(fit)).toBeUndefined();
  expect(unfit({ ...fit, redis_version: '6.0.16' })).toMatch(/6\.0\.16.*6\.2/);
  expect(unfit({ ...fit, redis_mode: 'cluster' })).toMatch(/REDIS_SENTINELS/);
  expect(unfit({ ...fit, role: 'slave' })).toMatch(/replica/);
  expect(unfit({ ...fit, maxmemory_policy: 'volatile-lru' })).toMatch(/volatile-lru/);
  expect(fieldsOf('# Server\r\nredis_version:7.2.0\r\nempty:\r\n')).toEqual({
    redis_version: '7.2.0',
    empty: '',
  });
});

it('names the setting by which a problem is mended, and no password', () => {
  const auth = Object.assign(new Error('WRONGPASS invalid username-password pair or user is disabled.'), {
    name: 'ReplyError',
    command: { name: 'auth', args: ['u', 'hidden'] },
  });
  expect(redisProblem(auth)).toMatch(/REDIS_PASSWORD/);
  expect(redisProblem(auth)).not.toContain('hidden');
  const coded = (code: string) => redisProblem(Object.assign(new Error('x'), { code }));
  expect(coded('SELF_SIGNED_CERT_IN_CHAIN')).toMatch(/REDIS_TLS_CA/);
  expect(coded('ENOTFOUND')).toMatch(/ENOTFOUND.*REDIS_URL/);
  expect(redisProblem(new Error('All sentinels are unreachable. Retrying'))).toMatch(/REDIS_SENTINELS/);
  expect(redisProblem(Object.assign(new Error('NOPERM no permission'), { name: 'ReplyError' }))).toMatch(
    /rights/,
  );
  expect(redisProblem(Object.assign(new Error('OOM command'), { name: 'ReplyError' }))).toMatch(
    /refuses.*OOM/,
  );
});
