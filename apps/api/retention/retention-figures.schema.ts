import { z } from 'zod';

/** Who a thing is by. */
export const authorSchema = z.object({ key_id: z.string(), key_name: z.string() });

/** Who made or applied a plan. */
export const planAuthorSchema = z.union([
  z.object({ kind: z.literal('key'), key_id: z.string(), key_name: z.string() }),
  z.object({ kind: z.literal('schedule') }),
  z
    .object({ kind: z.literal('emergency'), places: z.string(), used_percent: z.number() })
    .describe('A disk was filling: see `disk_emergency_at`.'),
]);

export const clockSchema = z.object({
  state: z.enum(['trusted', 'settling', 'doubted']),
  detail: z.string().optional().describe('Why it is not trusted.'),
});

export const countSchema = z.object({ units: z.number(), events: z.number(), bytes: z.number() });

/** Days of streams, and the times of their events. */
export const figuresSchema = countSchema.extend({
  oldest: z.string().nullable().describe('Time of the first event.'),
  newest: z.string().nullable(),
});

const unit = {
  stream: z.string(),
  tier: z.string(),
  day: z.string().describe('`YYYY-MM-DD`, UTC.'),
  generation: z.number(),
  events: z.number(),
  bytes: z.number().describe('Of disk.'),
  why: z
    .enum(['age', 'size', 'disk_share'])
    .describe('Why its policy no longer keeps it: its age, or a size in bytes or as a share of the disk.'),
  policy: z.string().describe('Whose policy: its name, or `default`.'),
};

const keptIn = z
  .string()
  .optional()
  .describe(
    'The tier that answers for its events already, `archive` or one of a plugin: only their copy in `search` goes.',
  );

const times = { oldest: z.string(), newest: z.string() };
export const leavingUnitSchema = z.object({ ...unit, ...times, kept_in: keptIn });
export const heldUnitSchema = z.object({
  ...unit,
  ...times,
  held_by: z.array(z.string()).describe('Ids of holds.'),
});

/** What became of a unit. */
export const unitOutcomeSchema = z.object({
  ...unit,
  outcome: z.enum(['removed', 'kept', 'copied', 'not_copied', 'moved', 'not_moved']),
  kept_in: keptIn,
  reason: z
    .enum(['held', 'changed', 'clock', 'stream_gone', 'damaged', 'refused'])
    .optional()
    .describe(
      'Why it was kept or not moved: a hold, events that are others than were counted, the clock. Why it was not copied: what was read back of the archive is not what was put there, or its tier refuses it.',
    ),
  detail: z.string().optional(),
  at: z.string(),
});

/** Of the policy that counts for a stream. */
export const lockDaysSchema = z
  .number()
  .optional()
  .describe('For how many days its store locks what is archived, where the policy says so.');
