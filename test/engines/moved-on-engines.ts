import { randomUUID } from 'node:crypto';
import { FaultyProxy, keysOfBucket, startTestS3 } from '#archive-storage/testing';
import { openMongoCatalogue } from '#catalogue/testing';
import { startTestServer } from '../../plugins/tier-clickhouse/testing/test-server.js';
import type { MovedTier } from '../faults/move-rig.js';
import { settingsOf, startTestMongodb } from '../support/test-mongodb.js';
import { startTestRedis } from '../support/test-redis.js';
import { startKafka } from './several-processes.js';

/** Kafka, MongoDB, ClickHouse, Redis and a bucket whose answers can be spoilt, for an appliance whose days move. */
export interface EnginesOfMoves {
  readonly brokers: string;
  readonly topicPrefix: string;
  /** Between the appliance and its bucket. */
  readonly proxy: FaultyProxy;
  /** The archive, with nothing in it. */
  readonly archive: MovedTier;
  stop(): Promise<void>;
}

/** Starts them, or takes those that settings name. */
export async function startEnginesOfMoves(): Promise<EnginesOfMoves> {
  const [kafka, mongodb, server, redis, s3] = await Promise.all([
    ...[startKafka(), startTestMongodb(), startTestServer(), startTestRedis(), startTestS3()],
  ] as const);
  const bucket = s3.place();
  const proxy = await FaultyProxy.start(bucket.endpoint ?? '');
  const place = mongodb.place();
  const topicPrefix = `moves-${randomUUID()}`;
  const env = {
    ...{ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC_PREFIX: topicPrefix, KAFKA_PARTITIONS: '2' },
    ...settingsOf(place),
    ...{ CLICKHOUSE_URL: server.url, CLICKHOUSE_USER: server.user, CLICKHOUSE_PASSWORD: server.password() },
    ...{ REDIS_URL: redis.place.url, REDIS_PASSWORD: redis.place.password, REDIS_PREFIX: redis.place.prefix },
    ...{ S3_ENDPOINT: proxy.endpoint, S3_BUCKET: bucket.bucket, S3_REGION: bucket.region },
    ...{ S3_PREFIX: bucket.prefix, S3_PATH_STYLE: String(bucket.pathStyle) },
    S3_ACCESS_KEY_ID: bucket.credentials?.accessKeyId ?? '',
    S3_SECRET_ACCESS_KEY: bucket.credentials?.secretAccessKey() ?? '',
  };
  const engines = {
    startTimeoutMs: 90_000,
    openCatalogue: () => openMongoCatalogue(place),
    objects: () => keysOfBucket(bucket),
  };
  return {
    ...{ brokers: kafka.brokers, topicPrefix, proxy },
    archive: { name: 'archive', folder: '', env, engines },
    async stop() {
      proxy.close();
      await Promise.all([kafka.stop(), mongodb.stop(), server.stop(), redis.stop(), s3.stop()]);
    },
  };
}
