import { bootSettings } from './boot-settings.js';
import { runTimeSettings } from './run-time-settings.js';
import type { AnySetting } from './setting.js';

/** Every setting, boot ones first, in the order of the reference page. */
export const allSettings: readonly AnySetting[] = [
  ...Object.values(bootSettings),
  ...Object.values(runTimeSettings),
];

/** Engines that are servers: how the variables of each begin, and the setting that puts it to use. */
export const serverEngines = [
  { prefix: 'CLICKHOUSE_', main: bootSettings.clickhouseUrl },
  { prefix: 'KAFKA_', main: bootSettings.kafkaBrokers },
  { prefix: 'MONGODB_', main: bootSettings.mongodbUri },
  { prefix: 'REDIS_', main: bootSettings.redisUrl },
  { prefix: 'S3_', main: bootSettings.s3Bucket },
] as const;

/** Variables of this project's tests and benchmarks; the server leaves them alone. */
export const rigVariables = ['ALLUVIUM_CORPORA', 'ALLUVIUM_BENCH_DATA', 'ALLUVIUM_TEST_REPORTS'] as const;

/** Variables that the command line reads as a client; the server leaves them alone in the same shell. */
export const clientVariables = ['ALLUVIUM_URL', 'ALLUVIUM_KEY', 'ALLUVIUM_KEY_FILE'] as const;
