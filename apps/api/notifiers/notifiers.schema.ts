import { z } from 'zod';
import { NOTIFICATION_SEVERITIES } from '#plugin-kit';
import { kindSchema } from '../plugins/shown-kind.js';

const severity = z.enum(NOTIFICATION_SEVERITIES);

const wishFields = {
  kind: z.string().min(1).max(64).describe('By what way it tells, such as `webhook`.'),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What the kind takes: `options_schema` of GET /api/v1/notifiers says it, with its defaults.'),
  severity: severity
    .default('warning')
    .describe('What is less is not told. `critical`: events are refused, or missing.'),
};

/** A notifier without its name. */
export const notifierRequestSchema = z.strictObject(wishFields);

export type NotifierRequest = z.infer<typeof notifierRequestSchema>;

/** A notifier, and how it is doing. */
export const notifierSchema = z.object({
  name: z.string(),
  ...wishFields,
  counters: z
    .object({
      sent: z.number(),
      failed: z
        .number()
        .describe('Given up: refused, or not taken at six tries in three and a half minutes.'),
      left_out: z.number().describe('More than 20 in ten minutes, or more than 100 that waited.'),
      waiting: z.number(),
    })
    .describe('Since the server started, or since it was changed.'),
  last_error: z
    .object({ at: z.string(), message: z.string(), mend: z.string().optional() })
    .optional()
    .describe('Gone when one was taken.'),
  created_at: z.string(),
  updated_at: z.string(),
});

export type ShownNotifier = z.infer<typeof notifierSchema>;

export const notifierListSchema = z.object({
  notifiers: z.array(notifierSchema),
  alarms: z
    .array(
      z.object({
        kind: z.string(),
        key: z.string(),
        severity,
        title: z.string(),
        text: z.string(),
        facts: z.record(z.string(), z.union([z.string(), z.number()])),
        since: z.string(),
      }),
    )
    .describe('What is wrong now, or was within the last minute.'),
  kinds: z.array(kindSchema),
});

export type ShownNotifiers = z.infer<typeof notifierListSchema>;

export const notifierTestSchema = z.object({
  delivered: z.boolean(),
  message: z.string().optional().describe('Why it was not delivered.'),
  mend: z.string().optional(),
});

export type NotifierTest = z.infer<typeof notifierTestSchema>;
