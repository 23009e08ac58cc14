import { z } from 'zod';
import { queryNumber } from '../requests/rule.js';
import { selectionQueryShape } from './selection-query.schema.js';
import { statsShape } from './shown-stats.js';

/** Events in which undeclared fields and frequent values are looked for. */
export const SAMPLE_EVENTS = 50_000;
const MAX_TOP = 100;

/** Of which events, and which of their fields, to tell. */
export const fieldsRequestSchema = z.strictObject({
  ...selectionQueryShape,
  field: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('Only this field, over all selected events: also one inside another, such as `user.id`.'),
  top: queryNumber(5, MAX_TOP).describe('Most frequent values to name for each field.'),
});

export type FieldsRequest = z.infer<typeof fieldsRequestSchema>;

const fieldSchema = z.object({
  name: z.string(),
  types: z
    .array(z.string())
    .describe(
      'Declared types; of an undeclared field the JSON types that were seen: string, number, boolean, object, array.',
    ),
  declared: z.boolean(),
  declared_in: z.array(z.string()).describe('Streams whose event type declares it.'),
  events: z.number().describe('Events that have it, of those looked at for it.'),
  events_looked_at: z.number(),
  share: z.number().describe('events / events_looked_at, 0 to 1.'),
  cardinality: z.number().describe('Distinct values in the events looked at.'),
  cardinality_is_exact: z.boolean().describe('Else within 2 %.'),
  top_values: z
    .array(z.object({ value: z.unknown(), events: z.number() }))
    .describe('Most frequent first: of the sample, or of all selected events where one field is asked for.'),
});

/** Fields of the selected events. */
export const fieldsAnswerSchema = z
  .object({
    events: z.number().describe('Selected events.'),
    sample: z
      .object({ events: z.number(), limit: z.number(), is_whole: z.boolean() })
      .describe(
        'Undeclared fields and frequent values were looked for in this many events, of at most `limit`; in every selected event where `is_whole`.',
      ),
    fields: z
      .array(fieldSchema)
      .describe('Declared ones in their order, then others by how many events have them.'),
    is_cut: z.boolean().describe('Whether there are more undeclared fields than the answer names.'),
    stats: z.object(statsShape),
  })
  .meta({
    examples: [
      {
        events: 120_000,
        sample: { events: 50_000, limit: 50_000, is_whole: false },
        fields: [
          {
            name: 'service',
            types: ['keyword'],
            declared: true,
            declared_in: ['default'],
            events: 119_400,
            events_looked_at: 120_000,
            share: 0.995,
            cardinality: 12,
            cardinality_is_exact: true,
            top_values: [{ value: 'checkout', events: 9_310 }],
          },
        ],
        is_cut: false,
        stats: { rows_read: 170_000, bytes_read: 9_000_000, elapsed_ms: 41.2 },
      },
    ],
  });
