import { PLUGIN_API_VERSION, type OptionMistake, type PluginManifest } from '#plugin-kit';
import type { MadeParser, ParserKind } from '../parsers/made-parser.js';
import { DeclarationError, type ParserDeclaration } from './declaration.js';
import { optionMistakesOf } from './option-mistakes.js';

/** What a declaration is built for. */
export interface DeclaredAs {
  readonly name: string;
  /** Default 0: it was never kept. */
  readonly version?: number;
}

/**
 * Makes a parser of a declaration; it has to be let go by `retireMade`.
 *
 * @param kinds what declarations can be of
 * @throws DeclarationError `parser_kind_unknown`, `parser_options_invalid`, `parser_not_made`
 */
export async function buildDeclared(
  kinds: ReadonlyMap<string, ParserKind>,
  declaration: ParserDeclaration,
  as: DeclaredAs,
): Promise<MadeParser> {
  const kind = requireKind(kinds, declaration.kind);
  try {
    const options: unknown = kind.options.parse(declaration.options);
    return await kind.make({ manifest: declaredManifest(declaration, as), options });
  } catch (error) {
    const mistakes = optionMistakesOf(error);
    if (mistakes) throw invalid(mistakes);
    // A fault of a built-in plugin is one of this program.
    if (kind.runs === 'here') throw error;
    throw notMade(kind, error);
  }
}

/** @throws DeclarationError `parser_kind_unknown` */
export function requireKind(kinds: ReadonlyMap<string, ParserKind>, name: string): ParserKind {
  const kind = kinds.get(name);
  if (kind) return kind;
  const known = [...kinds.keys()].join(', ');
  throw new DeclarationError(
    'parser_kind_unknown',
    `There is no kind of parser named "${name.slice(0, 80)}"; known are ${known}.`,
  );
}

/** What a declared parser says of itself. */
export function declaredManifest(
  { kind, title, description }: ParserDeclaration,
  as: DeclaredAs,
): PluginManifest {
  const { name, version = 0 } = as;
  return {
    name: `parser-${name}`,
    kind: 'parser',
    version: `${version}.0.0`,
    apiVersion: PLUGIN_API_VERSION,
    stability: 'stable',
    title: title ?? name,
    description: description ?? `Declared by an admin; of the kind ${kind}.`,
  };
}

function invalid(mistakes: readonly OptionMistake[]): DeclarationError {
  const detail =
    mistakes.length === 1 ? 'The options have a mistake' : `The options have ${mistakes.length} mistakes`;
  return new DeclarationError('parser_options_invalid', `${detail}; see errors.`, mistakes);
}

function notMade({ manifest }: ParserKind, error: unknown): DeclarationError {
  const why = error instanceof Error ? error.message : String(error);
  return new DeclarationError(
    'parser_not_made',
    `The plugin ${manifest.name} ${manifest.version} makes no parser of these options: ${why}`,
  );
}
