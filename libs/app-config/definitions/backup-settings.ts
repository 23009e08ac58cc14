import { z } from 'zod';
import { integer } from './number-types.js';
import { bootSetting, runTimeSetting } from './setting.js';
import { secret } from './text-types.js';
import { timeOfDay } from './time-types.js';
import type { ValueType } from './value-type.js';

const BUCKET = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[a-z0-9_=-]+)*\/?$/;

const target: ValueType<string> = {
  schema: z
    .string()
    .trim()
    .min(1)
    .refine((text) => !text.startsWith('s3:') || BUCKET.test(text)),
  expected: 'the path of a directory, or s3://bucket/folder with folders of a-z, 0-9, "_", "=" and "-"',
  print: String,
};

/** Where backups of the whole appliance go. */
export const backupSettings = {
  backupDir: bootSetting({
    path: 'backup.dir',
    type: target,
    otherwise: 'no backups are made',
    description:
      'Where backups go: a directory, outside of the data directory and best on another machine’s disk, or `s3://bucket/folder`, reached by the settings of S3. One appliance has a place to itself.',
  }),
  backupKey: bootSetting({
    path: 'backup.key',
    type: secret(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits, as openssl rand -hex 32 makes them'),
    otherwise: 'backups are not encrypted',
    description:
      'The key that backups are encrypted with; best as `ALLUVIUM_BACKUP_KEY_FILE`. Keep it elsewhere too: without it they can’t be restored.',
    secret: true,
  }),
};

/** When backups are made, and how many are kept. */
export const backupRunTimeSettings = {
  backupDailyAt: runTimeSetting({
    path: 'backup.daily_at',
    type: timeOfDay,
    default: 'off',
    description:
      'When a backup is made each day, in the time zone of `retention_time_zone`; `off`: only those that are asked for.',
  }),
  backupKeep: runTimeSetting({
    path: 'backup.keep',
    type: integer(1, 10_000),
    default: '14',
    description: 'How many backups are kept; the oldest go when a new one is there.',
  }),
};
