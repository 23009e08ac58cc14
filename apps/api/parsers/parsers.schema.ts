import { z } from 'zod';
import { isZone } from '#plugin-kit';
import { point } from '../requests/rule.js';
import {
  hasOneSource,
  line,
  lineSourceShape,
  MAX_DRY_RUN_LINES,
  ONE_SOURCE,
  shownLineShape,
} from './line-source.schema.js';

/** What a dry run may be told besides the lines; every parser takes it. */
export const dryRunOptionsSchema = z.strictObject({
  event_type: z
    .string()
    .max(63)
    .optional()
    .describe(
      'The event type that the events are checked against; see /api/v1/event-types. Default: that of the stream, and `log` for pasted lines.',
    ),
  received_at: point
    .optional()
    .describe(
      'When the lines were received, for times without a year. Default: now; of stored lines, when they were.',
    ),
  zone: z
    .string()
    .max(64)
    .refine(isZone, {
      error: 'is no time zone',
      params: { mend: 'Name a zone as Europe/Berlin, or an offset as +02:00.' },
    })
    .optional()
    .describe('Zone of times that stand without one, such as `Europe/Berlin` or `+02:00`. Default: UTC.'),
});

export const dryRunSchema = z
  .strictObject({ ...lineSourceShape, options: dryRunOptionsSchema.prefault({}) })
  .refine(hasOneSource, ONE_SOURCE);

export type DryRunRequest = z.infer<typeof dryRunSchema>;

const parser = z
  .string()
  .nullable()
  .describe('The parser whose work it is; `null` where none knew the line.');

const taken = z.object({
  ...shownLineShape,
  parser,
  confidence: z
    .enum(['full', 'partial', 'none'])
    .describe(
      'How much of the line was read: all, a part (stored with `parse_status: partial`), or nothing, since no parser knew it (`parse_status: none`).',
    ),
  certainty: z.number().describe('From 0 to 1: how sure the parser is that the line is of its format.'),
  event: z.looseObject({}).describe('As a search would show it, without what storing adds.'),
  warnings: z.array(z.string()).describe('What was read otherwise than it stood there.'),
});

const refused = z.object({
  ...shownLineShape,
  parser,
  reason: z.string().describe('The reason that the quarantine would keep the line with.'),
  message: z.string(),
  mend: z.string().optional(),
});

export const dryRunResultSchema = z.union([taken, refused]);

export const dryRunAnswerSchema = z.object({
  results: z.array(dryRunResultSchema).describe('One for each line, in order.'),
  is_cut: z
    .literal(true)
    .optional()
    .describe(
      'There were more stored lines than 4 MiB, or they took longer than 10 s: the first ones are here.',
    ),
});

export type DryRunAnswer = z.infer<typeof dryRunAnswerSchema>;

const declarationFields = {
  kind: z.string().min(1).max(63).describe('What makes the parser: one of `kinds` of GET /api/v1/parsers.'),
  options: z.looseObject({}).describe('Of the kind: see its `options_schema`.'),
};

/** Lines of one declaration, and characters of one. */
const MAX_SAMPLES = 20;
const MAX_SAMPLE = 8_192;

/** A parser as an admin declares it. */
export const declarationSchema = z.strictObject({
  ...declarationFields,
  title: z.string().trim().min(1).max(120).optional().describe('For lists. Default: its name.'),
  description: z.string().trim().min(1).max(1_000).optional().describe('What its lines are.'),
  samples: z
    .array(line.max(MAX_SAMPLE))
    .max(MAX_SAMPLES)
    .default([])
    .describe('Lines of its format, for people to try. One that it refuses is a mistake.'),
});

export type DeclarationRequest = z.infer<typeof declarationSchema>;

/** Lines to be tried with a parser that is not kept. */
export const declaredDryRunSchema = z.strictObject({
  ...declarationFields,
  lines: z.array(line).min(1).max(MAX_DRY_RUN_LINES).describe(`1 to ${MAX_DRY_RUN_LINES} lines.`),
  dry_run: dryRunOptionsSchema
    .prefault({})
    .describe('As `options` of the dry run of a parser that is there.'),
});

export type DeclaredDryRunRequest = z.infer<typeof declaredDryRunSchema>;

const declared = z.object({
  kind: z.string(),
  version: z.number().describe('Rises with each change.'),
  changed_at: z.string(),
  changed_by: z.object({ key_id: z.string(), key_name: z.string() }),
  problem: z
    .string()
    .optional()
    .describe(
      'Why no parser is made of it: then its lines go to quarantine as `parser:<name>`. Or why the version of its plugin that runs makes none: then the one before goes on.',
    ),
});

const parserFields = {
  name: z.string().describe('What requests ask for it with: `?parser=`.'),
  title: z.string(),
  description: z.string(),
  version: z.string().optional().describe('Of its plugin; `auto` has none.'),
  stability: z.enum(['experimental', 'beta', 'stable']).optional(),
  declared: declared.optional().describe('Where an admin declared it.'),
};

export const parserListSchema = z.object({
  parsers: z.array(z.object(parserFields)),
  kinds: z
    .array(
      z.object({
        name: z.string(),
        title: z.string(),
        description: z.string(),
        options_schema: z.looseObject({}).describe('JSON Schema of `options` of a declaration.'),
      }),
    )
    .describe('What parsers can be declared of: built-in kinds, and outside plugins with options.'),
});

export const parserSchema = z.object({
  ...parserFields,
  declaration: z
    .object({ kind: z.string(), options: z.looseObject({}) })
    .optional()
    .describe('Of a declared parser, as it was sent.'),
  options_schema: z.looseObject({}).describe('JSON Schema of `options` of a dry run.'),
  samples: z
    .array(z.object({ name: z.string(), lines: z.array(z.string()) }))
    .describe('Lines to try it with.'),
});

export type ParserList = z.infer<typeof parserListSchema>;
export type ShownParser = ParserList['parsers'][number];
export type DescribedParser = z.infer<typeof parserSchema>;
export type DryRunResult = z.infer<typeof dryRunAnswerSchema>['results'][number];
