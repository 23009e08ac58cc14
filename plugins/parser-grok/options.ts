import { z } from 'zod';
import { eventOptions, groupingOptions } from '#plugin-kit/patterns';

const MAX_PATTERNS = 20;
const MAX_DEFINITIONS = 200;
const MAX_LENGTH = 4_096;

const source = z.string().min(1).max(MAX_LENGTH);

/** Options of a parser of Grok's patterns. */
export const grokOptions = z.strictObject({
  patterns: z
    .array(source.describe("A pattern in Grok's syntax: `%{NAME}`, `%{NAME:field}`, `%{NAME:field:type}`."))
    .min(1)
    .max(MAX_PATTERNS)
    .describe(
      'Tried in this order: the first that is found in a line counts. `^` and `$` bind one to the ends of the line.',
    ),
  definitions: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, {
        error: 'is no name: letters, digits and _, a letter first',
      }),
      source,
    )
    .default({})
    .refine((all) => Object.keys(all).length <= MAX_DEFINITIONS, {
      error: `has more than ${MAX_DEFINITIONS} entries`,
    })
    .describe('Names of your own, each with its pattern. One of a built-in name counts in its place.'),
  multiline: groupingOptions
    .optional()
    .describe('By which lines of a text are found that are one event; `.` then stands for line ends too.'),
  ...eventOptions,
});

export type GrokOptions = z.infer<typeof grokOptions>;
