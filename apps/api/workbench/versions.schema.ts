import { z } from 'zod';
import { LINE_OUTCOMES } from '#plugin-host';
import { hasOneSource, lineSourceShape, ONE_SOURCE, shownLineShape } from '../parsers/line-source.schema.js';
import { dryRunOptionsSchema, dryRunResultSchema } from '../parsers/parsers.schema.js';

/** How a request names a version. */
export const versionName = z
  .string()
  .min(1)
  .max(64)
  .describe(
    'Its `id`, at least 8 characters of its beginning, or its `version` where no other one has the same; or `active` or `before`.',
  );

const versionSchema = z.object({
  id: z
    .string()
    .describe(
      'What tells it apart for good: of an outside parser the SHA-256 of its files, of a declared one its number.',
    ),
  version: z.string().describe('As its manifest says; of a declared one its number.'),
  active: z.boolean().describe('It reads what comes in now.'),
  held: z.boolean().describe('It stays active whatever other version comes, until one is activated.'),
  before: z.boolean().describe('It was active before: a roll back leads to it.'),
  trusted: z.boolean().describe('It may run. Only `alluvium plugin trust` lets one.'),
  since: z.string().describe('When it was first seen.'),
});

export const versionListSchema = z.object({
  parser: z.string(),
  versions: z.array(versionSchema).describe('The newest first; at most the last 5.'),
});

export type VersionList = z.infer<typeof versionListSchema>;

export const activateSchema = z
  .strictObject({
    hold: z
      .boolean()
      .default(true)
      .describe('False: the next version that comes takes its place, as without this request.'),
  })
  .prefault({});

export type ActivateRequest = z.infer<typeof activateSchema>;

export const diffRequestSchema = z
  .strictObject({
    from: versionName.default('active'),
    to: versionName,
    ...lineSourceShape,
    options: dryRunOptionsSchema.prefault({}),
  })
  .refine(hasOneSource, ONE_SOURCE);

export type DiffRequest = z.infer<typeof diffRequestSchema>;

export const outcomeSchema = z
  .enum(LINE_OUTCOMES as readonly [string, ...string[]])
  .describe('`newly_read`: only the second one reads it. `newly_refused`: only the first one does.');

export const changesSchema = z
  .array(
    z.object({
      field: z
        .string()
        .describe('`reason` for that of a refusal; `attributes.<name>` for an undeclared one.'),
      from: z.unknown().optional().describe('Absent where there is no such field.'),
      to: z.unknown().optional().describe('Absent where there is no such field.'),
    }),
  )
  .describe('Which fields differ; at most 100.');

const comparedLine = z.object({
  ...shownLineShape,
  outcome: outcomeSchema,
  changes: changesSchema.optional(),
  from: dryRunResultSchema.optional().describe('Absent where both are equal.'),
  to: dryRunResultSchema.optional(),
});

export const diffAnswerSchema = z.object({
  from: z.string().describe('Id of the version.'),
  to: z.string(),
  counts: z.object({
    equal: z.number(),
    changed: z.number(),
    newly_read: z.number(),
    newly_refused: z.number(),
  }),
  lines: z.array(comparedLine).describe('One for each line, in order.'),
  is_cut: z
    .literal(true)
    .optional()
    .describe(
      'There were more stored lines than 4 MiB, or they took longer than 10 s: the first ones are here.',
    ),
});

export type DiffAnswer = z.infer<typeof diffAnswerSchema>;
export type ComparedLine = DiffAnswer['lines'][number];
