import { clickhouse } from './clickhouse.mjs';
import { kafka } from './kafka.mjs';
import { mongodb } from './mongodb.mjs';
import { redis } from './redis.mjs';
import { s3 } from './s3.mjs';

/** The engines that can be started for tests: one file each. */
export const engines = [clickhouse, kafka, mongodb, redis, s3];
