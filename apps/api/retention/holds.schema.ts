import { z } from 'zod';
import { point, streamName } from '../requests/rule.js';
import { ENDS_BEHIND_START } from '../requests/time-span.js';
import { authorSchema as author } from './retention-figures.schema.js';

/** What is to be held. */
export const holdRequestSchema = z
  .strictObject({
    stream: streamName.optional().describe('Default: all streams of the tenant.'),
    start_time: point.optional().describe('Of events. Default: from the beginning.'),
    end_time: point.optional().describe('Of events, not included. Default: without an end.'),
    reason: z.string().trim().min(1).max(500).describe('Why, for whoever reads it in years.'),
  })
  .refine(...ENDS_BEHIND_START);
export type HoldRequest = z.infer<typeof holdRequestSchema>;

const hold = {
  id: z.string(),
  stream: z.string().optional(),
  start_time: z.string().optional(),
  end_time: z.string().optional(),
  reason: z.string(),
  created_at: z.string(),
  created_by: author,
  released_at: z.string().optional().describe('Absent while it holds.'),
  released_by: author.optional(),
};

export const holdSchema = z.object(hold);
export type ShownHold = z.infer<typeof holdSchema>;

export const holdListSchema = z.object({
  holds: z.array(holdSchema).describe('The newest first; those that were released too.'),
});
export type ShownHolds = z.infer<typeof holdListSchema>;

export const madeHoldSchema = z.object({
  ...hold,
  under_removal: z
    .array(z.object({ stream: z.string(), day: z.string(), plan: z.string() }))
    .describe('Days that it holds whose removal had begun: they may be gone. All others stay.'),
  in_trash: z
    .array(z.object({ stream: z.string(), day: z.string(), plan: z.string() }))
    .describe(
      'Days that it holds and that were deleted out of the archive before: they can be brought back as long as it holds, by POST /api/v1/archives/undelete.',
    ),
});
export type MadeHold = z.infer<typeof madeHoldSchema>;
