import { z } from 'zod';
import { point, streamName } from '../requests/rule.js';
import { ENDS_BEHIND_START } from '../requests/time-span.js';

/** What is to be restored, and for how long. */
export const restoreRequestSchema = z
  .strictObject({
    stream: streamName.describe('The stream whose archive has the events; an attached one too.'),
    start_time: point.describe('Days with events then or later.'),
    end_time: point.describe('Days with events before.'),
    name: streamName
      .optional()
      .describe('Of the stream that they come into; default: `<stream>-restored-<today as YYYYMMDD>`.'),
    expires_in_days: z
      .int()
      .min(1)
      .max(3_650)
      .default(7)
      .describe('Then it is taken away again; at most the setting archive_restore_days.'),
  })
  .refine(...ENDS_BEHIND_START);

export type RestoreRequest = z.infer<typeof restoreRequestSchema>;

const figures = {
  ...{ name: z.string(), stream: z.string() },
  ...{ units: z.number(), events: z.number(), bytes: z.number().describe('In the archive.') },
  oldest_day: z.string().optional(),
  newest_day: z.string().optional(),
  expires_at: z.string(),
};

/** What restoring would take. */
export const restoreEstimateSchema = z.object({
  ...figures,
  disk_bytes_needed: z.number().describe('About.'),
  disk_bytes_free: z.number().describe('Above the reserve.'),
  fits: z.boolean(),
});

export type RestoreEstimate = z.infer<typeof restoreEstimateSchema>;

export const restoredStreamSchema = z.object({
  ...figures,
  state: z.enum(['restoring', 'restored', 'leaving']),
  begun_at: z.string(),
  restored_at: z.string().optional(),
  job: z.string().describe('See GET /api/v1/jobs/{job} for how far it is.'),
});

export type ShownRestoredStream = z.infer<typeof restoredStreamSchema>;

export const restoredListSchema = z.object({ restored: z.array(restoredStreamSchema) });
