import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ParseContext, ParserPlugin, PluginProblem } from '#plugin-kit';
import { failed, ok } from '../outcome.js';
import { openOutsideParser } from '../outside/outside-line-parser.js';
import { guardParser } from '../parsers/guarded-parser.js';
import { retireMade, type MadeParser } from '../parsers/made-parser.js';
import type { LineParser, OnParserFailure, Verdict } from '../parsers/verdict.js';
import type { OpenedVersion, ParserVersion, ParserVersionSource } from '../versions/parser-versions.js';
import { DeclarationError, type StoredDeclaration } from './declaration.js';
import type { DeclaredParsers } from './declared-parsers.js';

/** Lines that are read at once: patterns may take their time. */
const PIECE_LINES = 25;

/**
 * The versions of declared parsers, by their numbers. Activating an earlier one declares it again, under a number of its own;
 * nothing else comes by itself, so the active one is always held.
 */
export function declaredVersions(declared: DeclaredParsers): ParserVersionSource {
  const find = async (parser: string, id: string): Promise<StoredDeclaration | undefined> =>
    (await allOf(declared, parser)).find(({ version }) => String(version) === id);
  return {
    list: async (parser) => {
      const all = await allOf(declared, parser);
      const isShown = (stored: StoredDeclaration, place: number): ParserVersion =>
        shown(stored, place, declared.hasKind(stored));
      return all.length === 0 ? undefined : all.map(isShown);
    },
    open: async (parser, id, failures) => {
      const stored = await find(parser, id);
      if (!stored) return failed([GONE]);
      try {
        return ok(opened(await declared.build(stored, stored), failures));
      } catch (error) {
        return failed(problemsOf(error));
      }
    },
    activate: async (parser, id) => {
      const stored = await find(parser, id);
      if (!stored) return [GONE];
      if (declared.find(parser)?.version === stored.version) return [];
      const { version: _before, ...declaration } = stored;
      try {
        await declared.put({ ...declaration, changed_at: new Date().toISOString() });
        return [];
      } catch (error) {
        return problemsOf(error);
      }
    },
  };
}

/** The newest first; none where nobody declared it. */
async function allOf(declared: DeclaredParsers, parser: string): Promise<readonly StoredDeclaration[]> {
  const active = declared.find(parser);
  if (!active) return [];
  const before = (await declared.history(parser)).filter(({ version }) => version < active.version);
  return [active, ...before.reverse()];
}

/** @param isTrusted whether the plugin that makes it is there */
function shown(
  { version, changed_at: changedAt }: StoredDeclaration,
  place: number,
  isTrusted: boolean,
): ParserVersion {
  return {
    id: String(version),
    version: String(version),
    isActive: place === 0,
    isHeld: place === 0,
    isBefore: place === 1,
    isTrusted,
    since: Date.parse(changedAt),
  };
}

function opened(made: MadeParser, failures: OnParserFailure): OpenedVersion {
  if (made.runs === 'here') return { parse: openedHere(made.plugin, failures), suspended: () => undefined };
  const { live } = made.source;
  const parse = openOutsideParser(live, failures, 'try');
  // It is held until it is closed, and ends then.
  retireMade(made);
  return { parse, suspended: () => live.suspended };
}

function openedHere(plugin: ParserPlugin, failures: OnParserFailure): LineParser {
  const guarded = guardParser(plugin, failures);
  return async (lines: readonly Uint8Array[], context: ParseContext) => {
    const verdicts: Verdict[] = [];
    for (let from = 0; from < lines.length; from += PIECE_LINES) {
      const piece = lines.slice(from, from + PIECE_LINES);
      const read = guarded.parse(piece, context);
      verdicts.push(
        ...read.map((verdict, at) => ({ ...verdict, certainty: guarded.sniff(piece[at] as Uint8Array) })),
      );
      await nextTurn();
    }
    return verdicts;
  };
}

function problemsOf(error: unknown): readonly PluginProblem[] {
  if (!(error instanceof DeclarationError)) throw error;
  return [{ what: error.message, mend: 'declare it anew: PUT /api/v1/parsers/{parser}' }];
}

const GONE: PluginProblem = {
  what: 'this version is not kept any more',
  mend: 'declare it again: PUT /api/v1/parsers/{parser}',
};
