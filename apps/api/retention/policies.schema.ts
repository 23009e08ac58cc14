import { z } from 'zod';
import { cronMistake, RETENTION_CLASSES } from '#retention';
import { printPolicy, readPolicy } from '#retention-policy';
import { authorSchema as author } from './retention-figures.schema.js';

const MIB = 2 ** 20;
/** Characters of a policy's text. */
const MAX_TEXT = 500;

const keep = z
  .string()
  .max(MAX_TEXT)
  .check((context) => {
    const { mistake } = readPolicy(context.value);
    if (!mistake) return;
    const { message, mend } = mistake;
    context.issues.push({ code: 'custom', input: context.value, message, params: { mend } });
  })
  .overwrite((text) => {
    const { stays } = readPolicy(text);
    return stays ? printPolicy(stays) : text;
  })
  .describe(
    'Tiers in their order, each with how long events stay there in whole days (`30d`, `4w`, `1y`), and `delete` at the end; or `forever`.',
  );

const cron = z
  .string()
  .trim()
  .max(100)
  .check((context) => {
    const mistake = cronMistake(context.value);
    if (mistake === undefined) return;
    const mend =
      'Send five fields, such as 0 3 * * 0 for Sundays at 03:00: minute, hour, day, month, day of the week.';
    context.issues.push({ code: 'custom', input: context.value, message: mistake, params: { mend } });
  })
  .overwrite((text) => text.replaceAll(/\s+/g, ' '))
  .describe(
    'When the policy is applied by itself: a cron expression of five fields, in `retention_time_zone`. Default: daily at `retention_run_at`; where that is `off`, nothing is applied by itself.',
  );

const rules = {
  keep,
  max_bytes: z
    .number()
    .int()
    .min(MIB)
    .max(2 ** 50)
    .optional()
    .describe(
      'Most bytes of disk for all streams together that follow this policy: the oldest days that are over leave first.',
    ),
  max_disk_share: z
    .number()
    .min(0.001)
    .max(1)
    .optional()
    .describe('The same as a share of the disk, 0.001 to 1.'),
  cron: cron.optional(),
  lock_days: z
    .number()
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe(
      'For how many days the store locks what the policy archives from now on (S3 Object Lock, in the mode of `S3_OBJECT_LOCK`), so that nobody deletes it: counted from its put, at most as long as the step `archive` keeps, and never beyond the end of that for a day. At least `S3_OBJECT_LOCK_DAYS`, where that is set.',
    ),
  class: z
    .enum(RETENTION_CLASSES)
    .default('normal')
    .describe(
      'What matters how much: when the disk fills up, `low` streams are refused first, `critical` ones last.',
    ),
};

/** A policy without what it is for. */
export const policyRequestSchema = z.strictObject(rules);
export type PolicyRequest = z.infer<typeof policyRequestSchema>;

export const shownPolicySchema = z.object({
  name: z.string().describe('What it is for: `tenant`, `event-type:<name>` or `stream:<name>`.'),
  ...rules,
  changed_at: z.string(),
  changed_by: author,
});
export type ShownPolicy = z.infer<typeof shownPolicySchema>;

export const policyBookSchema = z.object({
  version: z.number().describe('Rises with each change; the ETag holds it too.'),
  default: z.string().describe('What counts for streams that no policy is for (`default_retention`).'),
  tiers: z.array(z.string()).describe('Tiers that a policy may name.'),
  policies: z.array(shownPolicySchema).describe('By name. The nearest counts: stream, event type, tenant.'),
});
export type ShownPolicyBook = z.infer<typeof policyBookSchema>;

export const policyVersionsSchema = z.object({
  versions: z
    .array(
      z.object({
        version: z.number(),
        changed_at: z.string().optional(),
        changed_by: author.optional(),
        plan: z.string().optional().describe('The plan that was applied with it.'),
        policies: z.array(shownPolicySchema),
      }),
    )
    .describe('The newest first; the last hundred.'),
});
export type ShownPolicyVersions = z.infer<typeof policyVersionsSchema>;

export const rollBackSchema = z.strictObject({
  version: z.number().int().min(1).optional().describe('Default: the one before.'),
});
export type RollBackRequest = z.infer<typeof rollBackSchema>;
