import { z } from 'zod';
import { selectionShape } from '../search/selection.schema.js';

const MAX_FIELDS = 200;

/** What to export, and in which form. */
export const exportRequestSchema = z.strictObject({
  ...selectionShape,
  format: z
    .enum(['ndjson', 'json', 'csv', 'parquet'])
    .default('ndjson')
    .describe(
      '`ndjson`: an event a line. `json`: `{"logs": [event, …]}`. `csv`: RFC 4180 with a header. `parquet`: typed columns.',
    ),
  compression: z
    .enum(['none', 'gzip', 'zstd'])
    .optional()
    .describe(
      'Of the file: its name ends in `.gz` or `.zst`. Default: none. Of a Parquet file: of the columns in it; default: zstd. `Accept-Encoding` is not looked at.',
    ),
  sort: z
    .enum(['asc', 'desc'])
    .optional()
    .describe(
      'By timestamp, then event_id: oldest first (default) or newest. Rows of a Parquet file have no promised order.',
    ),
  fields: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(MAX_FIELDS)
    .optional()
    .describe(
      'Only these, in this order; a name that no stream declares is an attribute, `a.b` also one inside `a`. To resume, `timestamp` and `event_id` must be among them.',
    ),
  csv_safe: z
    .boolean()
    .default(true)
    .describe(
      "Texts that a spreadsheet would take for a formula (they start with =, +, -, @, a tab or a CR) get a ' before them. Turn it off for machines.",
    ),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe(
      'To go on after a break: `<timestamp>,<event_id>` of the last complete event that came. Only for `ndjson` and `csv`, with the start_time and end_time that the broken answer named in `Alluvium-Start-Time` and `Alluvium-End-Time`. A CSV that goes on has no header.',
    ),
});

export type ExportRequest = z.infer<typeof exportRequestSchema>;
export type ExportFormat = ExportRequest['format'];
export type Compression = NonNullable<ExportRequest['compression']>;
