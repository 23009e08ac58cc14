import { z } from 'zod';
import {
  configureParser,
  OptionMistakesError,
  PLUGIN_API_VERSION,
  type OptionMistake,
  type ParserPlugin,
} from '#plugin-kit';
import type { ParserKind } from '../parsers/parser-registry.js';
import { DeclarationError, type ParserDeclaration } from './declaration.js';

/** What a declaration is built for. */
export interface DeclaredAs {
  readonly name: string;
  /** Default 0: it was never kept. */
  readonly version?: number;
}

/**
 * Makes a parser of a declaration.
 *
 * @param kinds what declarations can be of
 * @throws DeclarationError `parser_kind_unknown`, `parser_options_invalid`
 */
export function buildDeclared(
  kinds: ReadonlyMap<string, ParserKind>,
  { kind: kindName, options, title, description }: ParserDeclaration,
  { name, version = 0 }: DeclaredAs,
): ParserPlugin {
  const kind = kinds.get(kindName);
  if (!kind) {
    const known = [...kinds.keys()].join(', ');
    throw new DeclarationError(
      'parser_kind_unknown',
      `There is no kind of parser named "${kindName.slice(0, 80)}"; known are ${known}.`,
    );
  }
  const manifest: ParserPlugin['manifest'] = {
    name: `parser-${name}`,
    kind: 'parser',
    version: `${version}.0.0`,
    apiVersion: PLUGIN_API_VERSION,
    stability: 'stable',
    title: title ?? name,
    description: description ?? `Declared by an admin; of the kind ${kindName}.`,
  };
  return { kind: 'parser', manifest, parser: configure(kind, options) };
}

function configure({ template }: ParserKind, options: unknown): ParserPlugin['parser'] {
  try {
    return configureParser(template, options);
  } catch (error) {
    const mistakes = mistakesOf(error);
    if (!mistakes) throw error;
    const detail =
      mistakes.length === 1 ? 'The options have a mistake' : `The options have ${mistakes.length} mistakes`;
    throw new DeclarationError('parser_options_invalid', `${detail}; see errors.`, mistakes);
  }
}

function mistakesOf(error: unknown): readonly OptionMistake[] | undefined {
  if (error instanceof OptionMistakesError) return error.mistakes;
  if (!(error instanceof z.ZodError)) return undefined;
  return error.issues.map(({ path, message, ...issue }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message,
    mend: mendOf(issue),
  }));
}

function mendOf(issue: object): string {
  const params = 'params' in issue ? (issue.params as { readonly mend?: string } | undefined) : undefined;
  return params?.mend ?? 'GET /api/v1/parsers shows the schema of the options of each kind.';
}
