import type { BootSettings } from './definitions/boot-settings.js';
import type { RunTimeValues } from './definitions/run-time-settings.js';
import { checkDisk } from './disk-checks.js';
import { formatBytes } from './definitions/number-types.js';
import { checkArchives } from './archive-checks.js';
import { checkBackups } from './backup-checks.js';
import { checkKafka } from './kafka-checks.js';
import { checkMongodb } from './mongodb-checks.js';
import { checkRoles } from './roles-checks.js';
import type { SettingsProblem } from './problems.js';

const WHERE = 'together';

/** What is wrong between boot settings that are each right. */
export function crossCheckBoot(boot: BootSettings): readonly SettingsProblem[] {
  return [
    ...tlsPair(boot),
    ...syslogTls(boot),
    ...checkRoles(boot),
    ...clickhouseTls(boot),
    ...clickhouseCluster(boot),
    ...checkKafka(boot),
    ...checkMongodb(boot),
    ...checkArchives(boot),
    ...checkBackups(boot),
    ...redisTls(boot),
  ];
}

function tlsPair({ tlsCert, tlsKey }: BootSettings): readonly SettingsProblem[] {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return [];
  const [set, missing] = tlsCert
    ? ['ALLUVIUM_TLS_CERT', 'ALLUVIUM_TLS_KEY']
    : ['ALLUVIUM_TLS_KEY', 'ALLUVIUM_TLS_CERT'];
  const mend = `Set ${missing} for HTTPS, or unset ${set} for HTTP.`;
  return [{ setting: set, where: WHERE, given: `it without ${missing}`, expected: 'both or neither', mend }];
}

/** TLS needs a certificate and its key: of syslog's own, or those of HTTPS. */
function syslogTls(boot: BootSettings): readonly SettingsProblem[] {
  const { syslogTlsPort: port, syslogTlsCert: cert, syslogTlsKey: key } = boot;
  const isPair = (cert === undefined) === (key === undefined);
  const hasOne = (cert ?? boot.tlsCert) !== undefined;
  if (isPair && (port === undefined || hasOne)) return [];
  return [
    {
      setting: 'ALLUVIUM_SYSLOG_TLS_PORT',
      where: WHERE,
      given: isPair ? 'it without a certificate' : 'a certificate and its key, one without the other',
      expected: 'a certificate with its key',
      mend: 'Set ALLUVIUM_SYSLOG_TLS_CERT and ALLUVIUM_SYSLOG_TLS_KEY, or ALLUVIUM_TLS_CERT and ALLUVIUM_TLS_KEY.',
    },
  ];
}

/** An authority without TLS would be believed to guard something. */
function clickhouseTls({
  clickhouseUrl: url,
  clickhouseTlsCa: ca,
}: BootSettings): readonly SettingsProblem[] {
  if (ca === undefined || url?.every((each) => each.startsWith('https:'))) return [];
  return [
    {
      setting: 'CLICKHOUSE_TLS_CA',
      where: WHERE,
      given: url === undefined ? 'it without CLICKHOUSE_URL' : 'it, and http:// in CLICKHOUSE_URL',
      expected: 'https:// in CLICKHOUSE_URL',
      mend: 'Set CLICKHOUSE_URL to the HTTPS port of the server (mostly 8443), or unset CLICKHOUSE_TLS_CA.',
    },
  ];
}

/** Events that several servers have are found by the cluster alone. */
function clickhouseCluster({
  clickhouseUrl: urls = [],
  clickhouseCluster: cluster,
  clickhouseShardKey: keys,
}: BootSettings): readonly SettingsProblem[] {
  if (cluster !== undefined) return [];
  const without = { where: WHERE, expected: 'CLICKHOUSE_CLUSTER with it' };
  const several: SettingsProblem = {
    ...{ ...without, setting: 'CLICKHOUSE_URL', given: `${urls.length} servers` },
    mend: 'Set CLICKHOUSE_CLUSTER to the cluster whose shards they are, or name one server.',
  };
  const key: SettingsProblem = {
    ...{ ...without, setting: 'CLICKHOUSE_SHARD_KEY', given: 'it without CLICKHOUSE_CLUSTER' },
    mend: 'Set CLICKHOUSE_CLUSTER, or unset CLICKHOUSE_SHARD_KEY.',
  };
  const isDefault = keys.size === 1 && keys.get('') === 'batch';
  return [...(urls.length > 1 ? [several] : []), ...(isDefault ? [] : [key])];
}

/** The same of Redis. */
function redisTls({ redisUrl: url, redisTlsCa: ca }: BootSettings): readonly SettingsProblem[] {
  if (ca === undefined || url?.startsWith('rediss:')) return [];
  return [
    {
      setting: 'REDIS_TLS_CA',
      where: WHERE,
      given: url === undefined ? 'it without REDIS_URL' : 'it, and redis:// in REDIS_URL',
      expected: 'rediss:// in REDIS_URL',
      mend: 'Begin REDIS_URL with rediss://, or unset REDIS_TLS_CA.',
    },
  ];
}

/** What is wrong between run-time settings that are each right. */
export function crossCheckRunTime(values: RunTimeValues): readonly SettingsProblem[] {
  return [
    ...atMost(
      'limits_line_bytes',
      values.limitsLineBytes,
      'limits_body_decoded_bytes',
      values.limitsBodyDecodedBytes,
    ),
    ...atMost('flush_bytes', values.flushBytes, 'backlog_bytes', values.backlogBytes),
    ...checkDisk(values),
  ];
}

function atMost(small: string, value: number, large: string, limit: number): readonly SettingsProblem[] {
  if (value <= limit) return [];
  return [
    {
      setting: small,
      where: WHERE,
      given: formatBytes(value),
      expected: `at most ${large}, which is ${formatBytes(limit)}`,
      mend: `Lower ${small} or raise ${large}.`,
    },
  ];
}
