import { z } from 'zod';
import { MAX_CURSOR } from '../search/cursor-text.js';
import { queryNumber, streamName } from '../requests/rule.js';

const MAX_LIMIT = 10_000;

/** Which refused events to show. */
export const quarantineRequestSchema = z.strictObject({
  stream: streamName.optional(),
  source: z
    .string()
    .max(64)
    .optional()
    .describe('Who sent them, as their key or `Alluvium-Source` named them.'),
  reason: z.string().max(300).optional().describe('Exactly so: `not_json`, `missing:user_id` …'),
  limit: queryNumber(100, MAX_LIMIT).describe('Most events in the page.'),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR)
    .optional()
    .describe('The `next_cursor` of the page before, with the same conditions beside it.'),
});

export type QuarantineRequest = z.infer<typeof quarantineRequestSchema>;

/** Refused events, newest first. */
export const quarantinePageSchema = z.object({
  total: z.number().describe('All that match.'),
  next_cursor: z.string().nullable().describe('Null where nothing follows.'),
  events: z.array(
    z.object({
      event_id: z.string(),
      stream: z.string(),
      source: z.string(),
      reason: z.string(),
      received_at: z.string(),
      raw: z.string().optional().describe('The line, where it is UTF-8.'),
      raw_base64: z.string().optional().describe("The line in base64, where it isn't."),
    }),
  ),
});
