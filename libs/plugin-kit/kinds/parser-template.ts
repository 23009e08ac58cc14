import type { z } from 'zod';
import type { PluginProblem } from '../plugin-problem.js';
import type { Parser } from './parser.js';

/** Something wrong in the options of a parser. */
export interface OptionMistake {
  /** Where: keys and indexes from the options on. */
  readonly path: readonly (string | number)[];
  /** What is wrong there, as `has a group without an end, at character 7`. */
  readonly message: string;
  /** What to write instead: a sentence. */
  readonly mend: string;
}

/** Options that fit their schema, and of which no parser can be made all the same: every mistake at once. */
export class OptionMistakesError extends Error {
  constructor(readonly mistakes: readonly OptionMistake[]) {
    super(mistakes.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '));
  }
}

/**
 * What a parser plugin makes parsers with, of options which an admin declares through the API: a pattern, a unit, where to put
 * fields. The kind that the declaration names is the plugin's name without `parser-`. An outside plugin describes the options as
 * `config` of its manifest, by which the server checks them, and gives `manifestOptions(manifest)` as `options`; each parser
 * that is made of it has a process of its own.
 */
export interface ParserTemplate<Options = unknown> {
  /** What the options may be, each with its description: shown to admins as JSON Schema. */
  readonly options: z.ZodType<Options>;
  /**
   * Makes a parser of options that fit the schema; the same options make parsers that answer the same.
   *
   * @throws OptionMistakesError
   */
  configure(options: Options): Parser;
  /** Options, as an admin would write them, with which the plugin's samples are read. */
  readonly example: unknown;
}

/** Makes a parser of options as an admin wrote them. @throws ZodError, OptionMistakesError */
export function configureParser<Options>(template: ParserTemplate<Options>, options: unknown): Parser {
  return template.configure(template.options.parse(options));
}

/** What keeps a template from being used; empty where nothing does. */
export function templateProblems(template: unknown): readonly PluginProblem[] {
  if (template === undefined) return [];
  try {
    const { options, configure, example } = template as ParserTemplate;
    if (typeof options.safeParse === 'function' && typeof configure === 'function') {
      configureParser({ options, configure, example }, example);
      return [];
    }
  } catch (error) {
    const what = `no parser can be made of template.example: ${error instanceof Error ? error.message : String(error)}`;
    return [{ what, mend: 'give an example that template.options and template.configure take' }];
  }
  return [
    {
      what: 'template has no options or no configure',
      mend: 'write it as ParserTemplate of #plugin-kit says',
    },
  ];
}
