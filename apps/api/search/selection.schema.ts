import { z } from 'zod';
import { point, streamName } from '../requests/rule.js';

const MAX_VALUES = 100;
const MAX_FIELDS = 50;
/** Most characters of `query`. */
export const MAX_QUERY = 4_000;

const oneOrMany = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(MAX_VALUES)]);
const scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const fieldName = z.string().min(1).max(256);

/** Which events a request is about; conditions are joined by "and", the values of one condition by "or". */
export const selectionShape = {
  start_time: point.optional().describe('Inclusive. Default: 24 hours before end_time.'),
  end_time: point.optional().describe('Exclusive. Default: now.'),
  stream: oneOrMany(streamName).optional().describe("Default: all of the tenant's that the key may touch."),
  level: oneOrMany(z.string().min(1).max(64))
    .optional()
    .describe('Level words; a word matches all of the same severity: `warn` matches WARNING too.'),
  service: oneOrMany(z.string().max(10_000)).optional(),
  search: z
    .string()
    .max(1_000)
    .optional()
    .describe(
      'What must all be found in `message`, letter case ignored: words, `"a phrase"`, `*a piece of a word*`. A word with other signs (`10.0.0.1`) stands as it is written.',
    ),
  query: z
    .string()
    .max(MAX_QUERY)
    .optional()
    .describe(
      'In the manner of Lucene: `level:error AND (status:[500 TO 599] OR path:"/api/orders") -host:web-1`. The guide of the query language has every construct.',
    ),
  filters: z
    .record(fieldName, oneOrMany(scalar))
    .refine((filters) => Object.keys(filters).length <= MAX_FIELDS, {
      error: 'names too many fields',
      params: { mend: `Name at most ${MAX_FIELDS}.` },
    })
    .optional()
    .describe(
      'Field equals value, or one of the values: `{"status": [500, 503]}`. Unknown fields are attributes.',
    ),
  confirm_archive_scan: z
    .boolean()
    .optional()
    .describe('Reads archived days also where they are more bytes than `search.archive_bytes`.'),
};

const selectionSchema = z.strictObject(selectionShape);

export type SelectionRequest = z.infer<typeof selectionSchema>;
