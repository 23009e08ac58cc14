import { z } from 'zod';
import { point, streamName } from '../requests/rule.js';
import { ENDS_BEHIND_START } from '../requests/time-span.js';

const day = z.string().describe('YYYY-MM-DD, UTC.');
const counts = { units: z.number(), events: z.number(), bytes: z.number() };
const figures = { ...counts, oldest_day: day.optional(), newest_day: day.optional() };

export const trashSchema = z.object({
  ...figures,
  days: z
    .array(
      z.object({
        ...{ stream: z.string(), day, generation: z.number(), events: z.number(), bytes: z.number() },
        plan: z.string().describe('That deleted it.'),
        deleted_at: z.string(),
        gone_at: z
          .string()
          .describe('From then on it can not be brought back, unless a hold keeps it in the trash.'),
      }),
    )
    .describe('The first 1,000, by stream and day; the figures above are of all.'),
  locked: z
    .array(
      z.object({
        ...{ stream: z.string(), day, generation: z.number(), events: z.number(), bytes: z.number() },
        plan: z.string().describe('That deleted it.'),
        why: z.string().describe('What the store said last, with the time of its lock.'),
      }),
    )
    .describe(
      'Days that are deleted for good, and whose objects the store keeps until a lock is over; the first 1,000. No question finds them, and they can not be brought back.',
    ),
});
export type ShownTrash = z.infer<typeof trashSchema>;

export const undeleteRequestSchema = z
  .strictObject({
    stream: streamName,
    start_time: point.describe('Days with events then or later.'),
    end_time: point.describe('Days with events before.'),
  })
  .refine(...ENDS_BEHIND_START);
export type UndeleteRequest = z.infer<typeof undeleteRequestSchema>;

export const undeletedSchema = z.object({ stream: z.string(), ...figures });
export type Undeleted = z.infer<typeof undeletedSchema>;

export const emptiedTrashSchema = z.object({
  ...counts,
  job: z.string().describe('See GET /api/v1/jobs/{job} for when it is done.'),
});
export type EmptiedTrash = z.infer<typeof emptiedTrashSchema>;
