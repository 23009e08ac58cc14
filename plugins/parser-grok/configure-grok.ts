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
import { expandGrok, GrokError } from './expand-grok.js';
import type { GrokOptions } from './options.js';

/** Makes a parser of Grok's patterns. @throws OptionMistakesError */
export function configureGrok(options: GrokOptions): Parser {
  const { patterns, definitions, multiline, fields, ...rest } = options;
  const grouping = multiline && makeGrouping(multiline, ['multiline']);
  const mistakes: OptionMistake[] = [];
  // Each by itself first, so that a mistake is told of where it stands.
  for (const [name, source] of Object.entries(definitions))
    attempt(['definitions', name], mistakes, () => compilePattern(expandGrok(source, definitions).source));
  if (mistakes.length > 0) throw new OptionMistakesError(mistakes);
  const parts = { definitions, fields, flags: { dotAll: grouping !== undefined }, mistakes };
  const compiled = patterns.flatMap((source, at) => {
    const path = ['patterns', at];
    return attempt(path, mistakes, () => compileOne(source, path, parts)) ?? [];
  });
  const names = new Set(compiled.flatMap(({ groups }) => groups));
  for (const name of Object.keys(fields))
    if (compiled.length === patterns.length && !names.has(name))
      mistakes.push({
        path: ['fields', name],
        message: 'is no field of a pattern',
        mend: `Name it in a pattern as %{DATA:${name}}, or leave the entry out.`,
      });
  if (mistakes.length > 0) throw new OptionMistakesError(mistakes);
  return makePatternParser({ patterns: compiled, grouping, ...rest });
}

interface Parts extends Pick<GrokOptions, 'definitions' | 'fields'> {
  readonly flags: PatternFlags;
  readonly mistakes: OptionMistake[];
}

function compileOne(
  source: string,
  path: OptionMistake['path'],
  { definitions, fields: options, flags, mistakes }: Parts,
): FieldPattern & { readonly groups: readonly string[] } {
  const expanded = expandGrok(source, definitions);
  const pattern = compilePattern(expanded.source, flags);
  const groups: string[] = [];
  const fields = pattern.groupNames.map((group) => {
    const field = group === undefined ? undefined : expanded.fields.get(group);
    if (!field) return undefined;
    groups.push(field.name);
    const given = Object.hasOwn(options, field.name) ? options[field.name] : undefined;
    const made = capturedField(field.name, given, field.type);
    mistakes.push(...fieldMistakes(made, given ? ['fields', field.name] : path, given?.format));
    return made;
  });
  return { pattern, fields, groups };
}

function attempt<T>(path: OptionMistake['path'], mistakes: OptionMistake[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof GrokError) mistakes.push({ path, message: error.message, mend: error.mend });
    else if (error instanceof PatternError) mistakes.push({ path, ...error.mistake });
    else throw error;
    return undefined;
  }
}
