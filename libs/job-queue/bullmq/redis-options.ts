import type { RedisOptions as LibraryOptions } from 'ioredis';
import type { RedisPlace } from '../redis-place.js';

/** What answers look like is left to the library. */
export type RedisOptions = Omit<LibraryOptions, 'replyMapping'>;

/** Milliseconds. */
const CONNECT_MS = 5_000;
const LONGEST_PAUSE_MS = 2_000;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

/** Braces, so that a job's keys stay together wherever keys are dealt out by them. */
export const keyPrefix = ({ prefix }: RedisPlace): string => `{${prefix}}`;

/** How the library reaches a place. It tries for ever: what is done without Redis does not wait for it. */
export function redisOptions(place: RedisPlace): RedisOptions {
  const url = new URL(place.url);
  const tls = url.protocol === 'rediss:' ? { ...(place.ca !== undefined && { ca: place.ca }) } : undefined;
  return {
    ...(place.sentinels.length === 0
      ? { host: bare(url.hostname), port: Number(url.port || REDIS_PORT), ...(tls && { tls }) }
      : throughSentinels(place, url.hostname, tls)),
    ...(place.password !== '' && { username: place.user, password: place.password }),
    db: Number(url.pathname.slice(1) || 0),
    connectTimeout: CONNECT_MS,
    // BullMQ wants it: a command waits for the connection.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * times, LONGEST_PAUSE_MS),
  };
}

function throughSentinels(
  { sentinels, sentinelPassword }: RedisPlace,
  name: string,
  tls: { readonly ca?: string } | undefined,
): RedisOptions {
  return {
    name,
    sentinels: sentinels.map((each) => {
      const { hostname, port } = new URL(`redis://${each}`);
      return { host: bare(hostname), port: Number(port || SENTINEL_PORT) };
    }),
    ...(sentinelPassword !== '' && { sentinelPassword }),
    ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
    sentinelRetryStrategy: (times) => Math.min(100 * times, LONGEST_PAUSE_MS),
  };
}

/** A URL has brackets around an address of IPv6. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
