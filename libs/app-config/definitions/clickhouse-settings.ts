import { z } from 'zod';
import { bootSetting } from './setting.js';
import { secret, text } from './text-types.js';
import type { ValueType } from './value-type.js';

/** User and password have settings of their own, so that this one may be shown. */
const serverUrl: ValueType<string> = {
  schema: z.string().trim().refine(isServerUrl),
  expected: 'http:// or https://, a host, and a port, with no user, password, path or parameters',
  print: String,
};

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
    type: serverUrl,
    otherwise: 'the engine in the process, in `<data>/tiers/tier-clickhouse`',
    description:
      'A ClickHouse server that events are kept on, by its HTTP interface (port 8123, or 8443 with TLS). Set it before the first start: events that are there already are not moved.',
    masked: true,
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
