import { z } from 'zod';

const value = z
  .unknown()
  .describe(
    'Text, a number (bytes, milliseconds), a truth or a list of texts; a secret is `***`; null where there is none.',
  );

const patchValue = z
  .unknown()
  .refine((given) => given === null || typeof given === 'string' || typeof given === 'number', {
    error: 'is neither text nor a number nor null',
    params: { mend: 'Send text or a number; null takes the setting back to what the start gave.' },
  })
  .describe('The new value, sizes as numbers or with KiB, MiB or GiB; null: back to what the start gave.');

/** Settings to change, by their names. Which there are, and what they take, is judged where settings are kept. */
export const settingsPatchSchema = z
  .record(z.string(), patchValue)
  .refine((patch) => Object.keys(patch).length > 0, {
    error: 'names no setting',
    params: { mend: 'Name at least one: {"log_level": "debug"}.' },
  });

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const settingsSchema = z.object({
  version: z.number().describe('Rises with every change; 0 where nothing was ever changed. Also the ETag.'),
  settings: z.array(
    z.object({
      name: z.string().describe('What a change names it by.'),
      env: z.string().describe('Its name in the environment.'),
      kind: z
        .enum(['boot', 'run-time'])
        .describe('`boot`: read once at start. `run-time`: may be changed here.'),
      value,
      default: value,
      otherwise: z.string().optional().describe('What happens without a value.'),
      source: z.string().describe('`default`, `environment`, the path of a file, or `api`.'),
      unit: z.string().optional(),
      expected: z.string().describe('What values it takes.'),
      description: z.string(),
    }),
  ),
  changes: z
    .array(
      z.object({
        version: z.number(),
        changed_at: z.string(),
        key_id: z.string(),
        key_name: z.string(),
        patch: z.looseObject({}).describe('What was asked for.'),
      }),
    )
    .describe('The newest 50, the last one first.'),
  rejected: z.string().optional().describe('Why the stored changes are not in force.'),
});

export type ShownSettings = z.infer<typeof settingsSchema>;
