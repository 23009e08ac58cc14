import { z } from 'zod';
import { RETENTION_CLASSES } from '#retention';
import {
  clockSchema,
  countSchema,
  figuresSchema,
  lockDaysSchema,
  planAuthorSchema,
  unitOutcomeSchema,
} from './retention-figures.schema.js';

const run = {
  id: z.string().describe("The plan's."),
  by: planAuthorSchema,
  begun_at: z.string(),
  ended_at: z.string().optional(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  planned: countSchema,
  removed: countSchema.optional(),
  kept: countSchema.optional(),
  copied: countSchema.optional().describe('Into the archive.'),
  not_copied: countSchema.optional(),
  moved: countSchema.optional().describe('What the archive answers for since.'),
  not_moved: countSchema.optional(),
  read_back: z
    .object({
      at: z.string(),
      gone: z.number().describe('Removed days of which nothing is there.'),
      with_later_events: z.number().describe('Removed days that got events after the plan had counted.'),
      wrong: z.number().describe('Removed days that have counted events still: 0, or something is wrong.'),
    })
    .optional()
    .describe('What the tier said once everything was done.'),
  error: z.string().optional(),
};

export const runSchema = z.object({ ...run, units: z.array(unitOutcomeSchema) });
export type ShownRun = z.infer<typeof runSchema>;

export const runListSchema = z.object({ runs: z.array(z.object(run)).describe('The newest first.') });
export type ShownRuns = z.infer<typeof runListSchema>;

const day = z.string().nullable().describe('`YYYY-MM-DD`, UTC.');

const tierStatus = z.object({
  tier: z.string(),
  stored: figuresSchema,
  oldest_wanted: day.describe('The oldest day that is kept there for its age; null: all are.'),
  oldest_stored: day,
  newest_stored: day,
  overdue: figuresSchema.describe('What its policy no longer keeps there and no hold does.'),
  drift: figuresSchema.describe('Those of them that a daily run has missed.'),
  held: figuresSchema.describe('What only holds keep.'),
  next: z
    .object({ day: z.string(), leaves_at: z.string() })
    .nullable()
    .describe('What leaves next for its age.'),
});

const archiveStatus = z.object({
  tier: z.string(),
  stored: figuresSchema.describe('Copies; bytes are those of the files.'),
  oldest_stored: day,
  newest_stored: day,
  due: figuresSchema.describe('What came to the age at which it is copied and has no copy as it is now.'),
  drift: figuresSchema.describe('Those of them that a daily run has missed.'),
  next: z.object({ day: z.string(), copied_at: z.string() }).nullable().describe('What is copied next.'),
});
export type ShownArchive = z.infer<typeof archiveStatus>;

export const retentionStatusSchema = z.object({
  first_plan_applied_at: z
    .string()
    .nullable()
    .describe('Nothing is deleted by the schedule before a first plan was applied.'),
  clock: clockSchema,
  schedule: z.object({
    run_at: z.string().describe('`HH:MM`, or `off`.'),
    time_zone: z.string(),
    next_at: z.string().nullable(),
    policies: z
      .array(z.object({ policy: z.string(), cron: z.string(), next_at: z.string().nullable() }))
      .describe('Policies that have times of their own.'),
  }),
  streams: z.array(
    z.object({
      stream: z.string(),
      event_type: z.string(),
      policy: z.string(),
      keep: z.string(),
      lock_days: lockDaysSchema,
      class: z.enum(RETENTION_CLASSES),
      held_by: z.array(z.string()).describe('Ids of holds that keep any of it.'),
      tiers: z.array(tierStatus).describe('Where questions are answered from.'),
      archive: archiveStatus.optional().describe('Where its policy names the archive.'),
    }),
  ),
  table_ttls: z
    .array(z.object({ stream: z.string(), ttl: z.string().describe('As the engine writes it.') }))
    .describe(
      'Tables by whose TTL the engine deletes events, whatever policies and holds say. No stream is made with one: somebody gave it to the table, and should take it away (`ALTER TABLE … REMOVE TTL`).',
    ),
  lost_units: z
    .array(
      z.object({
        stream: z.string(),
        day: z.string(),
        generation: z.number(),
        expected: z.number().describe('Events that it had, without those that retention removed.'),
        found: z.number(),
        since: z.string(),
      }),
    )
    .describe(
      'Days that have fewer events than at an earlier look, though no run removed them: each look is at most 10 minutes apart, and tells them until they are whole again, for 30 days.',
    ),
  legal_holds: z
    .object({
      objects: z.number().describe('Archived objects that the store keeps for holds.'),
      refused: z.array(
        z.object({
          stream: z.string(),
          key: z.string().describe('Of the object, in the place of archives.'),
          detail: z.string(),
          since: z.string(),
        }),
      ),
    })
    .describe(
      'Legal holds of a store that locks objects (`S3_OBJECT_LOCK`), and those that it refused to set or to lift.',
    ),
  damaged_archives: z
    .array(
      z.object({
        stream: z.string(),
        day: z.string(),
        generation: z.number(),
        key: z.string().describe('Of the object, in the place of archives.'),
        what: z
          .enum(['missing', 'changed', 'locked'])
          .describe('`locked`: it is encrypted with a key that is not set (`ALLUVIUM_ARCHIVE_KEYS_FILE`).'),
        since: z.string(),
      }),
    )
    .describe(
      'Objects of the archive that are missing, not what was put there, or locked. Each is looked at hourly, its content in turn (`archive_scrub_bytes`). A copy of a day that is in `search` is made again by the next run.',
    ),
  missing_tiers: z
    .array(z.object({ tier: z.string(), units: z.number(), streams: z.array(z.string()) }))
    .describe(
      'Tiers that keep units and whose plugin is not there: questions about these days fail until it is put back and trusted.',
    ),
  runs: z.array(z.object(run)).describe('The last ten.'),
});
export type ShownRetentionStatus = z.infer<typeof retentionStatusSchema>;
