import { OptionMistakesError, type OptionMistake, type Parser } from '#plugin-kit';
import {
  capturedField,
  compilePattern,
  fieldMistakes,
  makeGrouping,
  makePatternParser,
  PatternError,
  type FieldPattern,
  type PatternFlags,
} from '#plugin-kit/patterns';
import type { RegexOptions } from './options.js';

/** Makes a parser of patterns. @throws OptionMistakesError */
export function configureRegex(options: RegexOptions): Parser {
  const { patterns, ignore_case: ignoreCase, multiline, fields, ...rest } = options;
  const grouping = multiline && makeGrouping(multiline, ['multiline']);
  const mistakes: OptionMistake[] = [];
  const flags = { ignoreCase, dotAll: grouping !== undefined };
  const compiled = patterns.flatMap((one, at) => compileOne(one, fields, { at, flags, mistakes }));
  const groups = new Set(compiled.flatMap(({ pattern }) => pattern.groupNames));
  for (const group of Object.keys(fields))
    if (compiled.length === patterns.length && !groups.has(group))
      mistakes.push({
        path: ['fields', group],
        message: 'is no group of a pattern',
        mend: `Name a group as \`(?P<${group}>…)\`, or leave the entry out.`,
      });
  if (mistakes.length > 0) throw new OptionMistakesError(mistakes);
  return makePatternParser({ patterns: compiled, grouping, ...rest });
}

interface Place {
  readonly at: number;
  readonly flags: PatternFlags;
  /** Where mistakes go. */
  readonly mistakes: OptionMistake[];
}

function compileOne(
  one: RegexOptions['patterns'][number],
  options: RegexOptions['fields'],
  { at, flags, mistakes }: Place,
): readonly FieldPattern[] {
  const { pattern: source, confidence } =
    typeof one === 'string' ? { pattern: one, confidence: 'full' as const } : one;
  const path = ['patterns', at, ...(typeof one === 'string' ? [] : ['pattern'])];
  try {
    const pattern = compilePattern(source, flags);
    const fields = pattern.groupNames.map((group) =>
      group === undefined ? undefined : capturedField(group, own(options, group)),
    );
    pattern.groupNames.forEach((group, n) => {
      const field = fields[n];
      if (group === undefined || field === undefined) return;
      const given = own(options, group);
      mistakes.push(...fieldMistakes(field, given ? ['fields', group] : path, given?.format));
    });
    return [{ pattern, fields, confidence }];
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    mistakes.push({ path, ...error.mistake });
    return [];
  }
}

function own(options: RegexOptions['fields'], group: string): RegexOptions['fields'][string] | undefined {
  return Object.hasOwn(options, group) ? options[group] : undefined;
}
