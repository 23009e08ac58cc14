import { z } from 'zod';
import { MAX_DRY_RUN_LINES } from '../parsers/line-source.schema.js';
import { dryRunAnswerSchema } from '../parsers/parsers.schema.js';
import { streamName } from '../requests/rule.js';
import { namedRulesSchema } from './rules.schema.js';

const line = z.string().refine((text) => text.trim() !== '' && !/[\r\n]/.test(text), {
  error: 'is blank, or has a line end in it',
  params: { mend: 'Send each line as an entry of its own, without its end.' },
});

const name = z.string().min(1).max(64).optional();

export const routingDryRunSchema = z
  .strictObject({
    lines: z
      .array(line)
      .min(1)
      .max(MAX_DRY_RUN_LINES)
      .optional()
      .describe(`1 to ${MAX_DRY_RUN_LINES} lines, each without its end.`),
    events: z
      .array(z.looseObject({}))
      .min(1)
      .max(MAX_DRY_RUN_LINES)
      .optional()
      .describe('JSON events, in place of lines.'),
    format: z.enum(['text', 'json']).default('text').describe('How the lines were sent.'),
    stream: streamName.optional().describe('As if sent to this stream. Default: that of the key.'),
    source: name.describe("As if of this source. Default: the key's."),
    input: name.describe('As if by this input. Default: by none.'),
    key: name.describe('As if sent with the key of this name. Default: the one that asks.'),
    parser: name.describe(
      'As if this parser was asked for, of text. Default: `auto`. Lines that it would join are asked about one by one.',
    ),
    rules: namedRulesSchema.optional().describe('Rules to try in place of those in force.'),
  })
  .refine(({ lines, events }) => (lines === undefined) !== (events === undefined), {
    error: 'has no lines and no events, or both',
    params: { mend: 'Send lines of text as lines, or JSON objects as events.' },
  });

export type RoutingDryRunRequest = z.infer<typeof routingDryRunSchema>;

const result = dryRunAnswerSchema.shape.results.element;

export const routingDryRunAnswerSchema = z.object({
  results: z.array(
    z.object({
      rules: z.array(z.string()).describe('Those that are for it, in the order that they were asked in.'),
      stream: z.string().describe('Where it goes, or was going.'),
      event_type: z.string().describe('Of that stream.'),
      dropped: z.string().nullable().describe('The policy that drops it.'),
      samples: z
        .array(z.object({ rule: z.string(), one_in: z.number(), policy: z.string() }))
        .describe('Samples that it would be part of; here it is taken as one that goes on.'),
      result: result.optional().describe('What it would be there: as a dry run of a parser answers.'),
    }),
  ),
});

export type RoutingDryRunAnswer = z.infer<typeof routingDryRunAnswerSchema>;
export type RoutedLine = RoutingDryRunAnswer['results'][number];
