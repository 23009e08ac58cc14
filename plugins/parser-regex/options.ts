import { z } from 'zod';
import { eventOptions, groupingOptions } from '#plugin-kit/patterns';

const MAX_PATTERNS = 20;
const MAX_LENGTH = 8_192;

const pattern = z
  .string()
  .min(1)
  .max(MAX_LENGTH)
  .describe('A pattern in RE2 syntax; groups with names become fields.');

/** Options of a parser of patterns. */
export const regexOptions = z.strictObject({
  patterns: z
    .array(
      z.union([
        pattern,
        z.strictObject({
          pattern,
          confidence: z
            .enum(['full', 'partial'])
            .default('full')
            .describe(
              '`partial` where the pattern reads only a part of its lines: they get `parse_status: partial`.',
            ),
        }),
      ]),
    )
    .min(1)
    .max(MAX_PATTERNS)
    .describe(
      'Tried in this order: the first that is found in a line counts. `^` and `$` bind one to the ends of the line.',
    ),
  ignore_case: z.boolean().default(false).describe('Whether upper and lower case are the same.'),
  multiline: groupingOptions
    .optional()
    .describe('By which lines of a text are found that are one event; `.` then stands for line ends too.'),
  ...eventOptions,
});

export type RegexOptions = z.infer<typeof regexOptions>;
