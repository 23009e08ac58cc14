import { clickhouse } from './clickhouse.mjs';
import { kafka } from './kafka.mjs';

/** The engines that can be started for tests: one file each. */
export const engines = [clickhouse, kafka];
