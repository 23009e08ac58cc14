import { z } from 'zod';
import { point, streamName } from '../requests/rule.js';

/** Most events that one page holds. */
export const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 100;
const MAX_VALUES = 100;

const oneOrMany = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(MAX_VALUES)]);
const scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const fieldName = z.string().min(1).max(256);

/** What to search for. Conditions are joined by "and", the values of one condition by "or". */
export const logsRequestSchema = z.strictObject({
  start_time: point.optional().describe('Inclusive. Default: 24 hours before end_time.'),
  end_time: point.optional().describe('Exclusive. Default: now.'),
  stream: oneOrMany(streamName).optional().describe("Default: all of the tenant's that the key may touch."),
  level: oneOrMany(z.string().min(1).max(64))
    .optional()
    .describe('Level words; a word matches all of the same severity: `warn` matches WARNING too.'),
  service: oneOrMany(z.string().max(10_000)).optional(),
  search: z
    .string()
    .max(1_000)
    .optional()
    .describe('Words that must all occur in `message`, letter case ignored.'),
  filters: z
    .record(fieldName, oneOrMany(scalar))
    .optional()
    .describe(
      'Field equals value, or one of the values: `{"status": [500, 503]}`. Unknown fields are attributes.',
    ),
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
