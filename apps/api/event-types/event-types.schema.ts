import { z } from 'zod';
import { FIELD_TYPE_NAMES } from '#plugin-kit';

const MAX_TEXT = 1_000;
const MAX_FIELDS = 60;
const MAX_ALIASES = 20;
const MAX_ROLL_UPS = 10;
/** Each makes a roll-up larger, and sorting by more columns helps nobody. */
const MAX_GROUPING = 5;

const sentence = z.string().trim().min(1).max(MAX_TEXT);
const names = z.array(z.string().max(63));

const fieldRequest = z.strictObject({
  name: z.string().max(63).describe('Of the column: `a-z`, `0-9` and `_`, a letter first.'),
  type: z
    .enum(FIELD_TYPE_NAMES)
    .describe(
      '`keyword`: text of few distinct values. `text`: searched by word. `hex16`, `hex8`: 32, 16 digits.',
    ),
  aliases: z
    .array(z.string().max(128))
    .max(MAX_ALIASES)
    .default([])
    .describe(
      'Other keys that it is read from, in order: the names that senders use, such as `http.method`.',
    ),
  required: z.boolean().default(false).describe('An event without it goes to quarantine.'),
  indexed: z.boolean().optional().describe('Equality on it is fast. Default: words of a `text` are indexed.'),
  description: sentence.describe('One sentence on what it means.'),
});

const rollUp = z.strictObject({
  name: z.string().max(63),
  by: names.max(MAX_GROUPING).describe('Keywords. May be empty where `unique` names a field.'),
  unique: names
    .max(MAX_GROUPING)
    .optional()
    .describe(
      'Strings whose distinct values are counted, per day and within 2 %. Without it events are counted per minute.',
    ),
});

const declared = {
  title: sentence,
  description: sentence,
  fields: z.array(fieldRequest).max(MAX_FIELDS).describe('Besides those that every event has.'),
  sort_by: names
    .max(MAX_GROUPING)
    .default([])
    .describe('Keywords that the tables are sorted by, before the time; for life.'),
  roll_ups: z
    .array(rollUp)
    .max(MAX_ROLL_UPS)
    .default([])
    .describe('Counts by keywords, from which figures are answered.'),
  example: z.record(z.string(), z.unknown()).default({}).describe('An event as a client would send it.'),
};

/** A type's declaration, but for its name. */
export const eventTypeBodySchema = z.strictObject(declared);
export type EventTypeBody = z.infer<typeof eventTypeBodySchema>;

/** A type to be declared. */
export const newEventTypeSchema = z.strictObject({
  name: z.string().max(63).describe('`a-z`, `0-9`, `_` and `-`; the `event_type` of events that send none.'),
  ...declared,
});
export type NewEventType = z.infer<typeof newEventTypeSchema>;

const origin = z
  .enum(['plugin', 'declared'])
  .describe('Whether a plugin brought it or an admin declared it.');
const version = z.number().int().describe('The newest.');

export const eventTypeSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  version,
  origin,
  schema: z.looseObject({}).describe('JSON Schema of an event as a client may send it.'),
});
export type ShownEventType = z.infer<typeof eventTypeSchema>;
export const eventTypeListSchema = z.object({ event_types: z.array(eventTypeSchema) });

const changedBy = z.object({ key_id: z.string(), key_name: z.string() });

export const describedTypeSchema = eventTypeSchema.extend({
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      aliases: z.array(z.string()).describe('Other keys that mean this field.'),
      required: z.boolean().describe('An event without it goes to quarantine.'),
      indexed: z.boolean().describe('Equality on it is fast.'),
      description: z.string(),
      since: z.number().int().describe('The version that added it.'),
    }),
  ),
  sort_by: z.array(z.string()).describe('Keywords that the tables are sorted by, before the time.'),
  roll_ups: z
    .array(z.object({ name: z.string(), by: z.array(z.string()), unique: z.array(z.string()).optional() }))
    .describe('Counts per minute, or per day where distinct values are counted.'),
  example: z.looseObject({}).describe('An event to send.'),
  versions: z.array(
    z.object({
      version: z.number().int(),
      changed_at: z.string(),
      changed_by: changedBy.optional().describe('Absent where a plugin brought it.'),
    }),
  ),
  streams: z
    .array(z.object({ name: z.string(), version: z.number().int() }))
    .describe('Streams of this type, with the version that their tables are of by now.'),
});
export type DescribedType = z.infer<typeof describedTypeSchema>;

const mistake = z.object({ path: z.string(), message: z.string(), mend: z.string() });

export const eventTypePlanSchema = z.object({
  ok: z.boolean().describe('Whether it would be taken.'),
  version: z.number().int().describe('The version that it would be.'),
  errors: z.array(mistake).describe('All that stands against it.'),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      change: z.enum(['new', 'kept']),
      read_from: z.array(z.string()).describe('Keys of an event that it is read from, in order.'),
      required: z.boolean(),
      indexed: z.boolean(),
    }),
  ),
  effects: z.array(z.string()).describe('What would happen, in words.'),
  streams: z.array(z.string()).describe('Streams whose tables would be changed.'),
});
export type EventTypePlan = z.infer<typeof eventTypePlanSchema>;
