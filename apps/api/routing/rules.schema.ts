import { z } from 'zod';
import { isSourceName, isStreamName, NAME_RULE, SOURCE_RULE } from '#event-model';
import { MAX_FIELDS, MAX_RULES, MAX_TEXT, MAX_VALUES } from '#routing';
import { streamName } from '../requests/rule.js';

/** Dots of a field's name: each costs a pass over the event. */
const MAX_DOTS = 8;
const MAX_ONE_IN = 1_000_000;
/** Characters. */
const MAX_POLICY = 24;

const word = (what: string) =>
  z
    .string()
    .refine(isStreamName, { error: `is no name of a ${what}`, params: { mend: `Use ${NAME_RULE}.` } })
    .describe(`Name of a ${what}: ${NAME_RULE}.`);

const list = <T extends z.ZodType>(item: T, description: string) =>
  z.array(item).min(1).max(MAX_VALUES).optional().describe(description);

const text = z.string().min(1).max(MAX_TEXT);
const parserName = z.string().min(1).max(64);

const source = z.string().refine((pattern) => isSourceName(pattern.replace(/\*$/, '') || 'all'), {
  error: 'is no name of a source',
  params: { mend: `Use ${SOURCE_RULE}; a * at its end stands for any rest.` },
});

const field = z
  .strictObject({
    field: z
      .string()
      .min(1)
      .max(MAX_TEXT)
      .refine((name) => name.split('.').length <= MAX_DOTS + 1, {
        error: 'has too many dots',
        params: { mend: `Ask for a field that is at most ${MAX_DOTS} levels deep.` },
      })
      .describe(
        'Of a JSON object, as it was sent: `a.b` is `b` inside `a`, or a field of that very name. Of other text `host`, `service`, `syslog.facility`, `syslog.severity` and the others of its syslog header.',
      ),
    equals: list(
      z.union([z.string().max(MAX_TEXT), z.number(), z.boolean()]),
      'Any of these; `500` and `"500"` are the same.',
    ),
    contains: list(text, 'Any of these is in it.'),
    starts_with: list(text, 'It begins with any of these.'),
    at_least: z.number().optional().describe('As a number.'),
    at_most: z.number().optional().describe('As a number.'),
    exists: z.boolean().optional().describe('`false`: it is not there, or null.'),
  })
  .refine((asked) => Object.keys(asked).length > 1, {
    error: 'asks nothing of the field',
    params: { mend: 'Say what it must be, as in {"field": "status", "at_least": 500}.' },
  })
  .refine((asked) => asked.exists !== false || Object.keys(asked).length === 2, {
    error: 'asks for the value of a field that must not exist',
    params: { mend: 'Leave out exists, or all else.' },
  });

const when = z
  .strictObject({
    streams: list(streamName, 'Streams that the events were sent to.'),
    sources: list(source, 'Names of sources; a `*` at the end stands for any rest, as in `fw-*`.'),
    inputs: list(word('input'), 'Inputs that the events came by.'),
    keys: list(z.string().min(1).max(64), 'Names of the keys that sent them.'),
    format: z.enum(['json', 'text']).optional().describe('How they were sent.'),
    parsers: list(parserName, 'Parsers that were asked for, of text.'),
    contains: list(text, 'Of the line as it was sent, letter by letter: any of these is in it.'),
    starts_with: list(text, 'The line begins with any of these.'),
    fields: z.array(field).min(1).max(MAX_FIELDS).optional().describe('All of these must hold.'),
  })
  .default({})
  .describe('All that is named must hold; of a list any entry. Nothing: all events of the tenant.');

/** Receipts name the policies, so they are short and few. */
const policy = word('policy').max(MAX_POLICY);

const action = z
  .strictObject({
    stream: streamName
      .optional()
      .describe('Where they go. Their event type is that of the stream, which must be there.'),
    parser: parserName.optional().describe('Reads them, where they are text; JSON has no parser.'),
    sample: z
      .strictObject({ one_in: z.number().int().min(2).max(MAX_ONE_IN), policy })
      .optional()
      .describe('One in so many goes on; the others are dropped by this policy.'),
    drop: z.strictObject({ policy }).optional().describe('All are dropped by this policy.'),
  })
  .refine((action) => Object.keys(action).length > 0, {
    error: 'does nothing',
    params: { mend: 'Name at least one of stream, parser, sample, drop.' },
  })
  .refine((action) => !action.drop || Object.keys(action).length === 1, {
    error: 'drops events and sends them on',
    params: { mend: 'Leave out drop, or all else.' },
  });

const ruleFields = {
  description: z.string().max(500).optional(),
  enabled: z.boolean().default(true),
  when,
  action,
  continue: z
    .boolean()
    .default(false)
    .describe('Whether rules behind it are asked too, about what it did not drop. Default: it is the last.'),
};

/** A rule without its name. */
export const ruleSchema = z.strictObject(ruleFields);
const namedRuleSchema = z.strictObject({ name: word('rule'), ...ruleFields });
export type RuleRequest = z.infer<typeof ruleSchema>;
export type NamedRuleRequest = z.infer<typeof namedRuleSchema>;

/** Rules in the order that they are asked in. */
export const namedRulesSchema = z
  .array(namedRuleSchema)
  .max(MAX_RULES)
  .check((context) => {
    const names = context.value.map(({ name }) => name);
    for (const [index, name] of names.entries())
      if (names.indexOf(name) < index)
        context.issues.push({
          ...{ code: 'custom', input: name, path: [index, 'name'], message: 'is the name of another rule' },
          params: { mend: 'Give each rule a name of its own.' },
        });
  });

export const ruleBookRequestSchema = z.strictObject({
  rules: namedRulesSchema.describe('All rules anew, in the order that they are asked in.'),
});
export type RuleBookRequest = z.infer<typeof ruleBookRequestSchema>;

export const rulePatchSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    position: z
      .number()
      .int()
      .min(0)
      .max(MAX_RULES - 1)
      .optional()
      .describe('Its place in the order, from 0; behind the last means last.'),
  })
  .refine((patch) => Object.keys(patch).length > 0, {
    error: 'changes nothing',
    params: { mend: 'Send enabled, position or both.' },
  });
export type RulePatch = z.infer<typeof rulePatchSchema>;

const count = z.number();

export const shownRuleSchema = z.object({
  name: z.string(),
  ...ruleFields,
  counts: z
    .object({ matched: count, dropped: count, sampled_out: count })
    .describe('Events since the server began; those that were refused are not counted.'),
  changed_at: z.string(),
  changed_by: z.object({ key_id: z.string(), key_name: z.string() }),
});
export type ShownRule = z.infer<typeof shownRuleSchema>;

export const ruleBookSchema = z.object({
  version: z.number().describe('Rises with each change; the ETag holds it too.'),
  rules: z.array(shownRuleSchema).describe('In the order that they are asked in.'),
});
export type ShownRuleBook = z.infer<typeof ruleBookSchema>;
