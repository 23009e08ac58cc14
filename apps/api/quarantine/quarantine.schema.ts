import { z } from 'zod';
import { QUARANTINE_ACTIONS } from '#ledger';
import { MAX_CURSOR } from '../search/cursor-text.js';
import { point, queryNumber, streamName } from '../requests/rule.js';

const MAX_LIMIT = 10_000;

const conditions = {
  stream: streamName.optional(),
  source: z
    .string()
    .max(64)
    .optional()
    .describe('Who sent them, as their key or `Alluvium-Source` named them.'),
  reason: z.string().max(300).optional().describe('Exactly so: `not_json`, `missing:user_id` …'),
  parser: z
    .string()
    .max(80)
    .optional()
    .describe('The parser that refused them, or whose event was refused; empty: what came as JSON.'),
  start_time: point.optional().describe('Only those that were accepted then or later.'),
  end_time: point.optional().describe('Only those that were accepted before.'),
};

/** Which refused events are meant: those that meet every condition. */
export const quarantineFilterSchema = z.strictObject(conditions);

export type QuarantineConditions = z.infer<typeof quarantineFilterSchema>;

/** Which refused events to show. */
export const quarantineRequestSchema = z.strictObject({
  ...conditions,
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
      parser: z.string().optional().describe('Absent for what came as JSON.'),
      received_at: z.string(),
      raw: z.string().optional().describe('The line, where it is UTF-8.'),
      raw_base64: z.string().optional().describe("The line in base64, where it isn't."),
    }),
  ),
});

const counts = (what: string) =>
  z
    .array(z.object({ value: z.string(), events: z.number() }))
    .describe(`By ${what}, most first; at most 1,000.`);

/** Refused events by each of their sides. */
export const quarantineCountsSchema = z.object({
  total: z.number(),
  reasons: counts('reason'),
  sources: counts('source'),
  streams: counts('stream'),
  parsers: counts('parser; empty for what came as JSON'),
});

export const replayRequestSchema = z.strictObject({
  filter: quarantineFilterSchema.default({}).describe('Which ones; all of the tenant where it is empty.'),
  parser: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe(
      'Reads every line with this parser. Default: the one that each had; what came as JSON as JSON.',
    ),
});

export type ReplayRequest = z.infer<typeof replayRequestSchema>;

export const resolveRequestSchema = z.strictObject({
  filter: quarantineFilterSchema
    .describe('Which ones. At least one condition.')
    .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
      error: 'has no condition',
      params: { mend: 'Name a stream, a reason, a source, a parser or a time.' },
    }),
  note: z.string().max(500).optional().describe('Why, for those who look later.'),
});

export type ResolveRequest = z.infer<typeof resolveRequestSchema>;

export const actionSchema = z.object({
  id: z.string().describe('That of its job.'),
  kind: z.enum(QUARANTINE_ACTIONS),
  filter: z.looseObject({}),
  with_parser: z.string().optional(),
  by: z
    .object({ key_id: z.string(), key_name: z.string() })
    .optional()
    .describe('Absent: the appliance itself, where their time was over.'),
  asked_at: z.string(),
  note: z.string().optional(),
  stored: z.number().describe('Events that are in their stream now.'),
  deduplicated: z.number().describe('Events that left since another one has their id.'),
  dropped: z.number().describe('Events that were resolved, or whose time was over.'),
  refused: z.number().optional().describe('Events that were refused again and stay; known at the end.'),
  ended_at: z.string().optional(),
});

export const actionListSchema = z.object({ actions: z.array(actionSchema) });

/** A job that was begun. */
export const begunJobSchema = z.object({
  job: z.string().describe('See `GET /api/v1/jobs/{job}`.'),
  events: z.number().describe('Refused events that were selected when it was asked for.'),
});

export type BegunJob = z.infer<typeof begunJobSchema>;
