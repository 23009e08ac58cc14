import { archiveSettings } from './archive-settings.js';
import { backupSettings } from './backup-settings.js';
import { clickhouseSettings } from './clickhouse-settings.js';
import { kafkaSettings } from './kafka-settings.js';
import { mongodbSettings } from './mongodb-settings.js';
import { faultPoints } from './fault-points.js';
import { notificationSettings } from './notification-settings.js';
import { bytes, integer } from './number-types.js';
import { redisSettings } from './redis-settings.js';
import { retentionSettings } from './retention-settings.js';
import { bootSetting, type ValuesOf } from './setting.js';
import { syslogSettings } from './syslog-settings.js';
import { onOff, secret, someOf, text } from './text-types.js';
import { tierSettings } from './tier-settings.js';

const MIB = 2 ** 20;
const ADMIN_KEY = /^alv_[a-z0-9]{8}_[A-Za-z0-9_-]{32,}$/;

/** Settings that are read once at start, by their keys in code. */
export const bootSettings = {
  config: bootSetting({
    path: 'config',
    type: text('the path of a YAML file'),
    otherwise: 'no file is read',
    description: 'The YAML file of settings. The environment wins over it.',
    environmentOnly: true,
  }),
  dataDir: bootSetting({
    path: 'data_dir',
    type: text('the path of a directory'),
    default: './data',
    description: 'Where everything durable lies. One process at a time may use it.',
  }),
  pluginsDir: bootSetting({
    path: 'plugins_dir',
    type: text('the path of a directory'),
    otherwise: 'only the built-in plugins are loaded',
    description:
      'Directory of plugins that are not part of the program, a folder each. Which of them run, its `plugins.allow.json` says: see the guide to plugins.',
  }),
  enrichmentDir: bootSetting({
    path: 'enrichment_dir',
    type: text('the path of a directory'),
    otherwise: '`<data>/enrichment`',
    description:
      'Directory of the files that enrichments may read: databases of addresses, tables. Files in a directory in it that has the name of a tenant are for that tenant only.',
  }),
  scratchDir: bootSetting({
    path: 'scratch_dir',
    type: text('the path of a directory'),
    otherwise: 'a directory of its own in `/dev/shm` where 256 MiB are free, else `<data>/scratch`',
    description:
      'A directory for blocks at the moment of their insert, best on a memory file system. The start empties it.',
  }),
  memoryLimit: bootSetting({
    path: 'memory_limit',
    type: bytes(512 * MIB, 2 ** 46),
    otherwise: 'the limit of the control group, else the memory of the machine',
    unit: 'bytes',
    description:
      'Memory that the whole process may use; the budgets of the engine and of Node follow from it.',
  }),
  httpHost: bootSetting({
    path: 'http.host',
    type: text('a host name or an address'),
    default: '127.0.0.1',
    description: 'Address to listen on. `0.0.0.0` listens on all of them.',
  }),
  httpPort: bootSetting({
    path: 'http.port',
    type: integer(0, 65_535),
    default: '8080',
    description: 'Port to listen on. 0 takes a free one and prints it.',
  }),
  httpMaxConnections: bootSetting({
    path: 'http.max_connections',
    type: integer(1, 1_000_000),
    default: '10000',
    description: 'Most connections at once; one more is closed as it comes.',
  }),
  httpMaxConnectionsPerAddress: bootSetting({
    path: 'http.max_connections_per_address',
    type: integer(1, 1_000_000),
    default: '4000',
    description:
      'Most connections at once from one address. Behind a proxy all clients have the address of the proxy.',
  }),
  httpLeaveSeconds: bootSetting({
    path: 'http.leave_seconds',
    type: integer(0, 300),
    otherwise: '5 where other processes may have the role `api` too, else 0',
    unit: 'seconds',
    description:
      'At SIGTERM readiness is withdrawn at once, and requests are still taken for so long, so that who shares them out notices first.',
  }),
  tlsCert: bootSetting({
    path: 'tls.cert',
    type: text('the path of a PEM file'),
    otherwise: 'HTTP without TLS',
    description: 'Certificate chain; with it and the key, HTTPS is served.',
  }),
  tlsKey: bootSetting({
    path: 'tls.key',
    type: text('the path of a PEM file'),
    otherwise: 'HTTP without TLS',
    description: 'Private key of the certificate.',
  }),
  ...syslogSettings,
  ...notificationSettings,
  ...clickhouseSettings,
  ...redisSettings,
  ...kafkaSettings,
  ...retentionSettings,
  ...archiveSettings,
  ...tierSettings,
  ...backupSettings,
  ...mongodbSettings,
  adminKey: bootSetting({
    path: 'admin_key',
    type: secret(
      ADMIN_KEY,
      'alv_<8 of a-z0-9>_<at least 32 of A-Za-z0-9_->, such as "alv_" + 8 hex digits + "_" + 48 hex digits',
    ),
    otherwise: 'the first start makes one and keeps it in `<data>/admin.key`',
    description: 'The admin key that the first start takes instead of making one.',
    secret: true,
  }),
  roles: bootSetting({
    path: 'roles',
    type: someOf(['api', 'worker', 'scheduler']),
    default: 'api,worker,scheduler',
    description:
      'What this process does. A role without the others needs KAFKA_BROKERS, MONGODB_URI, CLICKHOUSE_URL and REDIS_URL.',
  }),
  docs: bootSetting({
    path: 'docs',
    type: onOff,
    default: 'on',
    description: 'Whether Swagger UI is served under `/docs`. It holds no data.',
  }),
  faultPoints: bootSetting({
    path: 'fault_points',
    type: faultPoints,
    default: '',
    description:
      'For tests only: kills the process at the nth passing of a named place, or lets what was done there fail. Never set it elsewhere.',
  }),
};

export type BootSettings = ValuesOf<typeof bootSettings>;
