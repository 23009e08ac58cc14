import { z } from 'zod';
import { DETECTORS, REDACTION_ACTIONS } from '#redaction';
import { streamName } from '../requests/rule.js';

/** Most lines of one dry run. */
const MAX_LINES = 1_000;

const field = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('Name of a field, letter case aside; `a.b` is `b` inside `a`, or a field of that very name.');

const ruleFields = {
  action: z
    .enum(REDACTION_ACTIONS)
    .describe(
      '`mask`: `[redacted:<what>]` in its place. `hash`: a hash keyed with a secret of this server (HMAC-SHA-256, 128 bits of it), the same for equal values. `drop`: taken out.',
    ),
  at: z
    .enum(['accept', 'store'])
    .default('accept')
    .describe(
      '`accept`: before anything of the event is written. `store`: before it is in a table, when parsers have found its fields; until then its bytes are in the log as they came.',
    ),
  stream: streamName.optional().describe('Only events of this stream. Default: of all.'),
  fields: z.array(field).max(100).default([]).describe('Fields whose value goes, whatever it is.'),
  detectors: z
    .array(z.enum(DETECTORS))
    .max(DETECTORS.length)
    .default([])
    .describe(
      'What is found wherever it stands: `card` (numbers of payment cards), `email`, `token` (credentials of APIs, `Bearer` and `Basic`, JWT), `address` (IPv4, IPv6).',
    ),
};

/** A rule without its name. */
export const redactionRuleSchema = z
  .strictObject(ruleFields)
  .refine((rule) => rule.fields.length + rule.detectors.length > 0, {
    error: 'names no field and no detector',
    params: { mend: 'Name at least one: {"action": "mask", "detectors": ["card"]}.' },
  });

export type RedactionRuleRequest = z.infer<typeof redactionRuleSchema>;

export const storedRuleSchema = z.object({
  name: z.string(),
  ...ruleFields,
  version: z.number().describe('Rises with each change.'),
  changed_at: z.string(),
  changed_by: z.object({ key_id: z.string(), key_name: z.string() }),
});

export const ruleListSchema = z.object({
  redactions: z.array(storedRuleSchema).describe('By name, which is the order that they are asked in.'),
});

const line = z
  .string()
  .max(1_048_576)
  .refine((text) => !/[\r\n]/.test(text), {
    error: 'has a line end in it',
    params: { mend: 'Send each line as an entry of its own.' },
  });

export const redactionDryRunSchema = z.strictObject({
  lines: z.array(line).min(1).max(MAX_LINES).describe(`1 to ${MAX_LINES} lines, each without its end.`),
  stream: streamName.optional().describe('As if sent to this stream. Default: `default`.'),
  at: z.enum(['accept', 'store']).default('accept').describe('Which of the rules in force are tried.'),
  rules: z
    .array(redactionRuleSchema)
    .max(100)
    .optional()
    .describe('Rules to try in place of those in force.'),
});

export type RedactionDryRun = z.infer<typeof redactionDryRunSchema>;

export const redactionDryRunAnswerSchema = z.object({
  results: z.array(
    z.object({
      line: z.string().describe('As it would go on.'),
      changed: z.boolean(),
      found: z
        .array(z.object({ rule: z.string(), what: z.string() }))
        .describe('Detectors and fields, in the order in which they were found.'),
    }),
  ),
});

export type RedactionDryRunAnswer = z.infer<typeof redactionDryRunAnswerSchema>;
