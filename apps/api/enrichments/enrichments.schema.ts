import { z } from 'zod';
import { ENRICHED_FIELD_RULE, isEnrichedField } from '#plugin-kit';
import { kindSchema } from '../plugins/shown-kind.js';
import { streamName } from '../requests/rule.js';

/** Most events, and most rules, of one dry run. */
const MAX_EVENTS = 100;
const MAX_TRIED = 10;

const ruleFields = {
  kind: z.string().min(1).max(64).describe('What adds fields, such as `geoip` or `lookup`.'),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What the kind takes: `options_schema` of GET /api/v1/enrichments says it, with its defaults.'),
  streams: z
    .array(streamName)
    .max(100)
    .default([])
    .describe('Only events of these streams. Default: of all.'),
  field: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('The field whose value is looked up; `a.b` is `b` inside `a`, or a field of that very name.'),
  prefix: z
    .string()
    .max(64)
    .refine(isEnrichedField, {
      error: 'can not stand before the name of a field',
      params: { mend: `Use ${ENRICHED_FIELD_RULE}.` },
    })
    .optional()
    .describe('Stands before the names of added fields, with a dot. Default: nothing.'),
};

/** An enrichment without its name. */
export const enrichmentSchema = z.strictObject(ruleFields);

export type EnrichmentRequest = z.infer<typeof enrichmentSchema>;

const counters = z
  .object({
    looked_up: z.number().describe('Events that had the field.'),
    found: z.number().describe('Events whose value is known.'),
    missed: z.number().describe('Events whose value is not known.'),
    failed: z.number().describe('Events that went on without, since there was no data or the plugin failed.'),
    kept: z.number().describe('Fields that an event had already, and kept.'),
    unfit: z
      .number()
      .describe('Fields that would not fit the event: of another type than declared, or too many.'),
  })
  .describe('Since the server started.');

/** An enrichment, and how it is doing. */
export const storedEnrichmentSchema = z.object({
  name: z.string(),
  ...ruleFields,
  prefix: z.string().optional(),
  state: z
    .enum(['ready', 'failed', 'opening'])
    .describe(
      '`ready`: there is data to look up, the newest unless `last_error` says otherwise. `failed`: there is none.',
    ),
  data: z
    .object({
      title: z.string(),
      entries: z.number().optional(),
      built_at: z.string().optional(),
      loaded_at: z.string(),
    })
    .optional()
    .describe('What is in use.'),
  last_error: z
    .object({
      at: z.string(),
      errors: z.array(z.object({ path: z.string(), message: z.string(), mend: z.string() })),
    })
    .optional()
    .describe(
      'Why the newest data is not in use. It is tried again when the file changes, and every minute.',
    ),
  counters,
  version: z.number().describe('Rises with each change.'),
  changed_at: z.string(),
  changed_by: z.object({ key_id: z.string(), key_name: z.string() }),
});

export type ShownEnrichment = z.infer<typeof storedEnrichmentSchema>;

export const enrichmentListSchema = z.object({
  enrichments: z
    .array(storedEnrichmentSchema)
    .describe('By name, which is the order that they work in: a later one finds what an earlier one added.'),
  kinds: z.array(kindSchema),
});

export type ShownEnrichments = z.infer<typeof enrichmentListSchema>;

export const enrichmentDryRunSchema = z.strictObject({
  events: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .max(MAX_EVENTS)
    .describe(`1 to ${MAX_EVENTS} events.`),
  stream: streamName.optional().describe('As if sent to this stream. Default: `default`.'),
  enrichments: z
    .array(enrichmentSchema)
    .min(1)
    .max(MAX_TRIED)
    .optional()
    .describe('Enrichments to try in place of those in force, in their order.'),
});

export type EnrichmentDryRun = z.infer<typeof enrichmentDryRunSchema>;

export const enrichmentDryRunAnswerSchema = z.object({
  results: z
    .array(z.object({ added: z.looseObject({}).describe('The fields that would be added.') }))
    .describe('One for each event, in order.'),
});

export type EnrichmentDryRunAnswer = z.infer<typeof enrichmentDryRunAnswerSchema>;
