import { z } from 'zod';
import { streamName } from '../requests/rule.js';
import { changesSchema, outcomeSchema, versionName } from './versions.schema.js';

const MAX_STREAMS = 100;

export const shadowRequestSchema = z.strictObject({
  version: versionName,
  streams: z
    .array(streamName)
    .min(1)
    .max(MAX_STREAMS)
    .optional()
    .describe('Streams whose lines it looks at. Default: all that the key may touch.'),
  per_mille: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('How many of a thousand lines it looks at, where its share of time does for them.'),
});

export type ShadowRequest = z.infer<typeof shadowRequestSchema>;

const difference = z.object({
  stream: z.string(),
  source: z.string(),
  received_at: z.string(),
  line: z.string().describe('As it may be stored, after redaction; cut after 2,000 characters.'),
  outcome: outcomeSchema,
  changes: changesSchema,
});

export const shadowSchema = z.object({
  id: z.string(),
  parser: z.string(),
  version: z.string().describe('Id of the version that is tried.'),
  streams: z.array(z.string()).nullable().describe('`null`: all of the tenant.'),
  per_mille: z.number(),
  started_at: z.string(),
  stopped_because: z
    .string()
    .optional()
    .describe('Why it compares nothing any more, such as its process having ended three times.'),
  counts: z.object({
    compared: z.number().describe('Lines: the sum of the next four.'),
    equal: z.number(),
    changed: z.number(),
    newly_read: z.number(),
    newly_refused: z.number(),
    passed_over_blocks: z
      .number()
      .describe('Blocks of which nothing was compared, since it was still at work or had its share of time.'),
    failed: z.number().describe('Lines at which it threw, or its process ended.'),
  }),
  differences: z.array(difference).describe('The newest 20, the last one first.'),
});

export type ShownShadow = z.infer<typeof shadowSchema>;

export const shadowListSchema = z.object({ shadows: z.array(shadowSchema) });
