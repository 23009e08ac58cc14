import { z } from 'zod';
import { DISK_LEVELS } from '#observability';

const bytes = z.number();
const level = z
  .enum(DISK_LEVELS)
  .describe(
    '`low_refused`: streams of the class `low` are refused with 429; `normal_refused`: all but `critical` ones; `refusing`: everything, with 503.',
  );
const secondsUntilFull = z
  .number()
  .nullable()
  .describe(
    'Until everything is refused, at the rate of the last ten minutes; null where it is not shrinking.',
  );
const hoursUntilFull = z
  .number()
  .nullable()
  .describe('The same at the rate of the last day; null in the first ten minutes.');

const fileSystem = z.object({
  places: z
    .array(z.string())
    .describe('What lies on it: `data` (the data directory itself), `log`, `tier`, `catalogue`, `archive`.'),
  directory: z.string(),
  level,
  used_percent: z.number().describe('As `df` says it: without what is kept for the superuser.'),
  total_bytes: bytes,
  free_bytes: bytes,
  reserve_bytes: bytes,
  seconds_until_full: secondsUntilFull,
  hours_until_full: hoursUntilFull,
  error: z.string().optional().describe('Why its space can not be told: then everything is refused.'),
});

export const diskSchema = z.object({
  path: z.string().describe('The data directory.'),
  parts: z
    .array(
      z.object({
        name: z.enum(['log', 'tier', 'catalogue', 'other']),
        bytes,
        files: z.number(),
      }),
    )
    .describe(
      '`log`: accepted events that wait; `tier`: stored events; `catalogue`: streams, keys, ledger; `other`: the rest.',
    ),
  measured_at: z.string().describe('When the parts were measured: at most a minute ago.'),
  total_bytes: bytes.describe('Of the whole disk.'),
  free_bytes: bytes,
  reserve_bytes: bytes.describe('Free space below which events are refused with 503.'),
  low: z.boolean().describe('Everything is refused.'),
  level: level.describe(
    'Of the fullest disk, which decides: `warning`, then `low_refused`, `normal_refused` and `refusing`.',
  ),
  growth_bytes_per_day: bytes
    .nullable()
    .describe('By how much free space shrinks, whoever uses it; null in the first ten minutes.'),
  growth_observed_seconds: z.number().describe('What the growth is taken from: at most a day.'),
  seconds_until_full: secondsUntilFull,
  hours_until_full: hoursUntilFull,
  file_systems: z
    .array(fileSystem)
    .describe('Each file system that holds data, once; that of the data directory first.'),
});

export type ShownDisk = z.infer<typeof diskSchema>;
