import { z } from 'zod';
import { bootSetting } from './setting.js';
import { listText, secret, text } from './text-types.js';
import type { ValueType } from './value-type.js';

/** User and password have settings of their own, so that this one may be shown. */
const serverUrls: ValueType<readonly string[]> = {
  schema: listText.pipe(z.array(z.string().refine(isServerUrl)).min(1).max(1_000)),
  expected:
    'http:// or https://, a host, and a port, with no user, password, path or parameters; of a cluster a comma list of them',
  print: (value) => value.join(','),
};

/** A name that needs no quotes in the servers' configuration. */
const clusterName: ValueType<string> = {
  schema: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/),
  expected: 'the name of a cluster: letters, digits, points, hyphens and underscores, at most 100',
  print: String,
};

const SHARD_KEY = /^(?:([a-z0-9][a-z0-9_.-]{0,62})=)?(batch|block|source|stream)$/;

/** Keys by the names of event types; `''` for all others. */
const shardKeys: ValueType<ReadonlyMap<string, ShardKeyName>> = {
  schema: listText
    .pipe(z.array(z.string().regex(SHARD_KEY)).min(1).max(1_000))
    .transform((list) =>
      list.map((item) => {
        const [, type = '', key] = SHARD_KEY.exec(item) ?? [];
        return [type, key as ShardKeyName] as const;
      }),
    )
    .refine((list) => new Set(list.map(([type]) => type)).size === list.length)
    .transform((list) => new Map(list)),
  expected: 'batch, block, source or stream, and others for event types, each type once: batch,audit=source',
  print: (value) => [...value].map(([type, key]) => (type === '' ? key : `${type}=${key}`)).join(','),
};

/** What goes to the same shard. */
type ShardKeyName = 'batch' | 'block' | 'source' | 'stream';

function isServerUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.pathname === '/' && !text.includes('@') && !/[?#]/.test(text);
}

/** Where the ClickHouse server is that events are kept on; as other programs name it, without a prefix. */
export const clickhouseSettings = {
  clickhouseUrl: bootSetting({
    path: 'clickhouse.url',
    env: 'CLICKHOUSE_URL',
    type: serverUrls,
    otherwise: 'the engine in the process, in `<data>/tiers/tier-clickhouse`',
    description:
      'A ClickHouse server that events are kept on, by its HTTP interface (port 8123, or 8443 with TLS); of a cluster one server of each shard, in a comma list. Set it before the first start: events that are there already are not moved.',
    masked: true,
  }),
  clickhouseCluster: bootSetting({
    path: 'clickhouse.cluster',
    env: 'CLICKHOUSE_CLUSTER',
    type: clusterName,
    otherwise: 'one server has all events',
    description:
      'A cluster of `remote_servers` whose shards have a part of the events each; CLICKHOUSE_URL names one server of each. Once events are there, shards may be added, none taken away.',
  }),
  clickhouseShardKey: bootSetting({
    path: 'clickhouse.shard_key',
    env: 'CLICKHOUSE_SHARD_KEY',
    type: shardKeys,
    default: 'batch',
    description:
      'What of a cluster’s events goes to the same shard: a `batch` as it is written, which spreads them evenly with the fewest inserts; each `block`; what one `source` sends to a stream; a `stream`. Others for event types: `batch,audit=source`.',
  }),
  clickhouseUser: bootSetting({
    path: 'clickhouse.user',
    env: 'CLICKHOUSE_USER',
    type: text('the name of a user'),
    default: 'default',
    description: 'User of the ClickHouse server; the guide for operators lists the grants that it needs.',
  }),
  clickhousePassword: bootSetting({
    path: 'clickhouse.password',
    env: 'CLICKHOUSE_PASSWORD',
    type: secret(/^[^\r\n]+$/, 'the password of the user'),
    otherwise: 'the user has none',
    description: 'Password of that user.',
    secret: true,
  }),
  clickhouseTlsCa: bootSetting({
    path: 'clickhouse.tls_ca',
    env: 'CLICKHOUSE_TLS_CA',
    type: text('the path of a PEM file'),
    otherwise: 'those that Node trusts',
    description: 'Authorities that the certificate of the ClickHouse server is checked by.',
  }),
};
