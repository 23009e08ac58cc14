import { z } from 'zod';

const bytes = z.number();

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
  low: z.boolean().describe('Free space has fallen to the reserve.'),
  growth_bytes_per_day: bytes
    .nullable()
    .describe('By how much free space shrinks, whoever uses it; null in the first ten minutes.'),
  growth_observed_seconds: z.number().describe('What the growth is taken from: at most a day.'),
  seconds_until_full: z
    .number()
    .nullable()
    .describe(
      'Until the reserve is reached at the rate of the last ten minutes; null where it is not shrinking.',
    ),
});

export type ShownDisk = z.infer<typeof diskSchema>;
