import type { Settings } from '#app-config';

type Boot = Settings['boot'];

/**
 * What keeps a backup from being whole: engines that are servers have data of their own, which is not on this machine. A
 * sentence each, with how that engine is backed up; empty where the appliance is one process with one directory.
 */
export function enginesElsewhere(boot: Boot): readonly string[] {
  return [
    ...when(boot.clickhouseUrl, 'Events are on a ClickHouse server (CLICKHOUSE_URL): BACKUP DATABASE there.'),
    ...when(
      boot.kafkaBrokers,
      'Events that wait are on Kafka (KAFKA_BROKERS): its topics are replicated there.',
    ),
    ...when(boot.mongodbUri, 'The catalogue is on MongoDB (MONGODB_URI): mongodump or snapshots there.'),
  ];
}

/** What a restored appliance needs besides a backup, a sentence each. */
export function notHeld(boot: Boot): readonly string[] {
  return [
    'Settings of the environment, and the files that they name.',
    ...when(boot.s3Bucket, `Archives are in the bucket ${boot.s3Bucket}: keep it, with its versions.`),
    ...when(
      boot.archiveKeys,
      'Keys of encrypted archives (ALLUVIUM_ARCHIVE_KEYS_FILE): without them those can’t be read.',
    ),
    ...when(
      boot.archiveDir,
      'ALLUVIUM_ARCHIVE_DIR was set: its archives are restored into archives/ of the data directory; unset it, or move them there.',
    ),
    ...when(
      boot.archiveAttachable.size > 0 || undefined,
      'Archives of other places were attached (ALLUVIUM_ARCHIVE_ATTACHABLE): they stay where they are.',
    ),
    ...when(
      boot.pluginsDir,
      `Outside plugins are in ${boot.pluginsDir}; what storage tiers among them keep elsewhere than in the data directory is there.`,
    ),
    ...when(boot.enrichmentDir, `Files of enrichments are in ${boot.enrichmentDir}.`),
    ...when(boot.secretsDir, `Secrets of notifiers are in ${boot.secretsDir}.`),
    ...when(
      boot.redisUrl,
      'Jobs are started by Redis (REDIS_URL): their records are held, and it may be empty.',
    ),
  ];
}

function when(setting: unknown, sentence: string): readonly string[] {
  return setting === undefined ? [] : [sentence];
}
