import { z } from 'zod';
import { selectionShape } from './selection.schema.js';

/** Most events that one page holds. */
export const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 100;

/** What to search for, and how much of it to show. */
export const logsRequestSchema = z.strictObject({
  ...selectionShape,
  sort: z.enum(['desc', 'asc']).default('desc').describe('By timestamp: newest or oldest first.'),
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
});

export type LogsRequest = z.infer<typeof logsRequestSchema>;

const storedEventSchema = z
  .looseObject({
    event_id: z.string(),
    stream: z.string(),
    source: z.string(),
    timestamp: z.string(),
    observed_timestamp: z.string(),
    event_type: z.string(),
  })
  .describe('Built-in and declared fields at the top, all others under `attributes`.');

/** A page of found events. */
export const logsPageSchema = z.object({
  total: z.number().describe('Events that match in all.'),
  total_is_exact: z.boolean(),
  logs: z.array(storedEventSchema),
  next_cursor: z.string().nullable(),
  stats: z.object({ rows_read: z.number(), bytes_read: z.number(), elapsed_ms: z.number() }),
});

/** One found event. */
export const logSchema = storedEventSchema;
