import { ENRICHED_FIELD_RULE, isEnrichedField } from '#plugin-kit';
import { z } from 'zod';

const column = z.string().min(1).max(256);

const fieldName = z.string().refine(isEnrichedField, {
  error: 'is no name of a field that may be added',
  params: { mend: `Use ${ENRICHED_FIELD_RULE}.` },
});

/** Options of a look-up. */
export const lookupOptions = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(127)
    .describe(
      'Name of a CSV file in UTF-8, its columns named in the first line, in the folder for enrichments.',
    ),
  key_column: column.describe('The column that the value of the field is looked for in.'),
  fields: z
    .record(fieldName, column)
    .optional()
    .describe(
      'Fields that are added, each with the column that it is taken from. Default: all other columns, by their own names.',
    ),
  delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('What stands between columns.'),
  ignore_case: z.boolean().default(false).describe('Whether `WEB-1` is found by `web-1`.'),
});

export type LookupOptions = z.output<typeof lookupOptions>;
