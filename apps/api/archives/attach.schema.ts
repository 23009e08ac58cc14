import { z } from 'zod';
import { streamName } from '../requests/rule.js';

const place = z
  .string()
  .refine((name) => /^[a-z0-9][a-z0-9_-]{0,39}$/.test(name), {
    error: 'is no name of a place',
    params: { mend: 'Use one that GET /api/v1/archives/attached lists.' },
  })
  .describe('Name of a place that the settings name, or `archive`, where the appliance keeps its own.');

/** Which archive is to be attached, and under which name. */
export const attachRequestSchema = z.strictObject({
  name: streamName.describe('Name of the read-only stream that it becomes; there must be none of that name.'),
  place: place.default('archive'),
  stream: streamName.describe('Name of the stream that the archive is of, where it was made.'),
  skip_refused: z
    .boolean()
    .default(false)
    .describe('Attach what can be read, although manifests were refused; else nothing is attached.'),
});

export type AttachRequest = z.infer<typeof attachRequestSchema>;

const refusedSchema = z.object({
  key: z.string(),
  reason: z
    .enum([
      'unknown_key',
      'signature',
      'damaged',
      'invalid',
      'other_place',
      'files',
      'superseded',
      'event_type',
      'key_missing',
    ])
    .describe(
      '`superseded`: a newer manifest of the same day is used, and nothing is missing for that. `key_missing`: its files are encrypted with a key that is not set.',
    ),
  detail: z.string(),
});

const day = z.string().describe('YYYY-MM-DD.');

/** What an archive has, read from its manifests. */
export const archiveEstimateSchema = z.object({
  ...{ name: z.string(), place: z.string(), stream: z.string() },
  event_type: z.string().optional(),
  units: z.number().describe('Days, each generation by itself.'),
  ...{ events: z.number(), bytes: z.number() },
  oldest_day: day.optional(),
  newest_day: day.optional(),
  signed_by: z.array(z.string()),
  refused: z.array(refusedSchema).describe('The first 100.'),
  refused_total: z.number(),
});

export type ArchiveEstimate = z.infer<typeof archiveEstimateSchema>;
export type ShownRefusal = z.infer<typeof refusedSchema>;

export const attachedArchiveSchema = z.object({
  ...{ name: z.string(), place: z.string(), stream: z.string(), event_type: z.string() },
  ...{ units: z.number(), events: z.number(), bytes: z.number() },
  oldest_day: day.optional(),
  newest_day: day.optional(),
  signed_by: z.array(z.string()),
  attached_at: z.string(),
});

export type ShownAttachedArchive = z.infer<typeof attachedArchiveSchema>;

export const attachedListSchema = z.object({
  attached: z.array(attachedArchiveSchema),
  places: z.array(z.string()).describe('Places that archives may be attached from.'),
});

export type ShownAttachedList = z.infer<typeof attachedListSchema>;
