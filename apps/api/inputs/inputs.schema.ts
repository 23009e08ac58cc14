import { z } from 'zod';
import { isStreamName, NAME_RULE } from '#event-model';
import { kindSchema } from '../plugins/shown-kind.js';
import { sourceRuleSchema, sourceRulesSchema } from './source-rules.js';

const options = z
  .record(z.string(), z.unknown())
  .describe('What the kind takes: `options_schema` of GET /api/v1/inputs says it, with its defaults.');

const name = z
  .string()
  .refine(isStreamName, { error: 'is no name of an input', params: { mend: `Use ${NAME_RULE}.` } })
  .describe(`Names the input for good: ${NAME_RULE}.`);

const sources = sourceRulesSchema.describe(
  'Who may send, and where it goes: the first entry that fits a sender counts. What others send is dropped and counted.',
);

/** An input to be made. */
export const newInputSchema = z.strictObject({
  name,
  kind: z.string().min(1).max(64).describe('What it speaks, such as `syslog` or `gelf`.'),
  options: options.default({}),
  sources,
  enabled: z.boolean().default(true).describe('Whether it starts now, and with the server.'),
});

export type NewInputRequest = z.infer<typeof newInputSchema>;

/** What of an input is to be changed. */
export const inputPatchSchema = z
  .strictObject({
    options: options.optional().describe('All of them anew. Its listeners are started again.'),
    sources: sources.optional().describe('All of them anew. Connections stay open.'),
  })
  .refine((patch) => Object.keys(patch).length > 0, {
    error: 'changes nothing',
    params: { mend: 'Send options, sources or both.' },
  });

export type InputPatchRequest = z.infer<typeof inputPatchSchema>;

const counted = z.object({
  address: z.string(),
  messages: z.number(),
  bytes: z.number(),
  first_seen: z.string(),
  last_seen: z.string(),
});

const summaryShape = {
  name: z.string(),
  kind: z.string(),
  state: z
    .enum(['running', 'stopped', 'failed'])
    .describe('`failed`: `last_error` says why; it is tried again every 10 s.'),
  enabled: z.boolean(),
  from: z.enum(['api', 'settings']).describe('`settings`: its options are those of the boot settings.'),
  listens: z
    .array(z.object({ transport: z.string(), host: z.string(), port: z.number() }))
    .describe('Empty unless it runs.'),
  last_error: z
    .object({ at: z.string(), message: z.string(), mend: z.string().optional() })
    .optional()
    .describe('What went wrong last; gone when it starts anew.'),
  counters: z
    .object({
      messages: z.number().describe('Taken, and durable.'),
      bytes: z.number(),
      refused: z.number().describe('Of senders that `sources` has no entry for.'),
      dropped: z.record(z.string(), z.number()).describe('Lost before they were durable, by reason.'),
      truncated: z.number().describe('Taken, but only as many bytes as a line may have.'),
      blank: z.number().describe('Without anything in them.'),
      connections: z.number().describe('Open now.'),
    })
    .describe('Since the server started.'),
  created_at: z.string(),
  updated_at: z.string(),
};

export const inputSummarySchema = z.object(summaryShape);

export const inputSchema = z.object({
  ...summaryShape,
  options: z.looseObject({}).describe('As they are in force, defaults included.'),
  sources: z.array(sourceRuleSchema),
  senders: z.array(counted).describe('Whose messages were taken, at most 1,000; the last one first.'),
  refused_senders: z.array(counted).describe('Whose were refused, at most 1,000; the last one first.'),
  newest: z
    .array(
      z.object({
        received_at: z.string(),
        address: z.string(),
        transport: z.string(),
        taken: z.boolean().describe('`sources` has an entry for its sender.'),
        bytes: z.number(),
        text: z.string().optional().describe('Its first 8 KiB, where it is UTF-8.'),
        base64: z.string().optional().describe('Its first 8 KiB, where it is not.'),
      }),
    )
    .describe('The newest five messages as they came, the last one first.'),
});

export type ShownInput = z.infer<typeof inputSchema>;
export type InputSummary = z.infer<typeof inputSummarySchema>;

export const inputListSchema = z.object({
  inputs: z.array(inputSummarySchema),
  kinds: z.array(kindSchema),
});

export type ShownInputs = z.infer<typeof inputListSchema>;
