import { z } from 'zod';
import { quarantineFilterSchema } from '../quarantine/quarantine.schema.js';
import { point, streamName } from '../requests/rule.js';
import { MAX_QUERY } from '../search/selection.schema.js';

/** Most lines of one dry run. */
export const MAX_DRY_RUN_LINES = 1_000;
/** Bytes of stored lines that one dry run takes. */
export const MAX_STORED_BYTES = 4 * 2 ** 20;

const DEFAULT_STORED = 100;

/** A line that is pasted. */
export const line = z
  .string()
  .refine((text) => !text.includes('\n'), {
    error: 'has a line end in it',
    params: { mend: 'Send each line as an entry of its own.' },
  })
  .describe('One line of text, without its end.');

const limit = z
  .number()
  .int()
  .min(1)
  .max(MAX_DRY_RUN_LINES)
  .default(DEFAULT_STORED)
  .describe(`Of how many, the newest first; at most ${MAX_DRY_RUN_LINES} lines and 4 MiB.`);

/** Where lines come from: exactly one of these. */
export const lineSourceShape = {
  lines: z.array(line).min(1).max(MAX_DRY_RUN_LINES).optional().describe(`1 to ${MAX_DRY_RUN_LINES} lines.`),
  stream: z
    .strictObject({
      name: streamName,
      start_time: point.optional().describe('Inclusive. Default: all there is.'),
      end_time: point.optional().describe('Exclusive. Default: now, and a day ahead.'),
      query: z.string().max(MAX_QUERY).optional().describe('Only events that it finds; as in a search.'),
      limit,
    })
    .optional()
    .describe(
      'The newest events of a stream: their lines as they came, where those are kept, else made again from the event. Needs the scope `logs:read`.',
    ),
  quarantine: z
    .strictObject({ filter: quarantineFilterSchema.prefault({}), limit })
    .optional()
    .describe('The newest refused events that meet the conditions. Needs the scope `quarantine:read`.'),
};

type LineSourceRequest = z.infer<z.ZodObject<typeof lineSourceShape>>;

/** Whether a request names exactly one source of lines. */
export function hasOneSource({ lines, stream, quarantine }: LineSourceRequest): boolean {
  return [lines, stream, quarantine].filter((source) => source !== undefined).length === 1;
}

export const ONE_SOURCE = {
  error: 'must name exactly one of lines, stream and quarantine',
  params: { mend: 'Send lines to paste some, stream or quarantine to take stored ones.' },
};

/** What an answer says of a stored line; nothing of a pasted one, which the caller has. */
export const shownLineShape = {
  event_id: z.string().optional().describe('Of a stored line: the event that it is.'),
  line: z.string().optional().describe('Of a stored line: its text, where it is UTF-8.'),
  line_base64: z.string().optional().describe("Of a stored line: its bytes in base64, where it isn't."),
  made_of: z
    .enum(['raw', 'message', 'event'])
    .optional()
    .describe(
      'Of a stored line: `raw`: the bytes that came; `message`: the same, since the message is the line; `event`: made again from the event, equal as JSON.',
    ),
};

export type ShownLine = z.infer<z.ZodObject<typeof shownLineShape>>;
