import { z } from 'zod';
import type { LineGrouping, LineJoiner } from '../kinds/parser.js';
import { OptionMistakesError } from '../kinds/parser-template.js';
import { compilePattern, PatternError, type LinearPattern } from './linear-pattern.js';
import { headOf, openTraceJoiner } from './trace-grouping.js';
import { TRACE_LANGUAGES } from './trace-readers.js';

/** Characters of such a pattern. */
const MAX_LENGTH = 1_000;
const MAX_LINES = 2_000;

const pattern = z.string().min(1).max(MAX_LENGTH);

/** By which lines are found that are one event together. */
export const groupingFields = {
  starts: pattern
    .optional()
    .describe(
      'A pattern in RE2 syntax: a line that fits begins an event, all others go on with it. `^\\d{4}-`',
    ),
  continues: pattern
    .optional()
    .describe('A pattern in RE2 syntax: a line that fits goes on with the event above. `^\\s`'),
  traces: z
    .array(z.enum(TRACE_LANGUAGES))
    .max(TRACE_LANGUAGES.length)
    .optional()
    .describe('Languages whose stack traces go on with the event above.'),
  max_lines: z
    .number()
    .int()
    .min(2)
    .max(MAX_LINES)
    .default(500)
    .describe('Most lines of an event; what goes on behind them is an event of its own.'),
};

/** The option of a parser whose events may have several lines. */
export const groupingOptions = z
  .strictObject(groupingFields)
  .refine(
    ({ starts, continues, traces = [] }) =>
      starts !== undefined || continues !== undefined || traces.length > 0,
    {
      error: 'names nothing by which lines belong together',
      params: { mend: 'Give `starts`, `continues` or `traces`.' },
    },
  );

export type GroupingOptions = z.infer<typeof groupingOptions>;

/**
 * Makes a grouping of its options. A pattern sees the first 2 KiB of a line.
 *
 * @param path of the options, for mistakes
 * @throws OptionMistakesError
 */
export function makeGrouping(options: GroupingOptions, path: readonly string[]): LineGrouping {
  const starts = compileOption(options.starts, [...path, 'starts']);
  const continues = compileOption(options.continues, [...path, 'continues']);
  const { traces = [], max_lines: maxLines } = options;
  return { maxLines, open: () => openJoiner({ starts, continues, joinsTrace: openTraceJoiner(traces) }) };
}

interface JoinerParts {
  readonly starts: LinearPattern | undefined;
  readonly continues: LinearPattern | undefined;
  readonly joinsTrace: LineJoiner;
}

function openJoiner({ starts, continues, joinsTrace }: JoinerParts): LineJoiner {
  let isFirst = true;
  return (line) => {
    const text = headOf(line);
    const isTrace = joinsTrace(line);
    const goesOn = isTrace || continues?.test(text) === true || (starts !== undefined && !starts.test(text));
    if (!isFirst) return goesOn;
    isFirst = false;
    return false;
  };
}

function compileOption(source: string | undefined, path: readonly string[]): LinearPattern | undefined {
  if (source === undefined) return undefined;
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError) throw new OptionMistakesError([{ path, ...error.mistake }]);
    throw error;
  }
}
