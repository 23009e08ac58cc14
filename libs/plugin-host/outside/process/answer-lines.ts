import type { ParserPlugin } from '#plugin-kit';
import { canonicalLine } from '../../parsers/canonical-line.js';
import { guardParser } from '../../parsers/guarded-parser.js';
import type { Verdict } from '../../parsers/verdict.js';
import type { AskedLines, MadeAnswer, ToldFailure } from './frames.js';

/** Lines that share their fate where a parser throws: as many as of a built-in one. */
const PIECE_LINES = 250;

/** Asks the parser, piece by piece. What it throws, and what breaks its contract, refuses the lines of a piece. */
export function answerLines(plugin: ParserPlugin, { question, lines, context }: AskedLines): MadeAnswer {
  const failures: ToldFailure[] = [];
  const parser = guardParser(plugin, ({ lines: count, error }) => failures.push(toldFailure(count, error)));
  const sure = question === 'parse' ? [] : lines.map((line) => parser.sniff(line));
  const places = lines.flatMap((_, at) => (question !== 'sniff' || (sure[at] ?? 0) > 0 ? [at] : []));
  const verdicts = new Array<Verdict | undefined>(lines.length).fill(undefined);
  for (let from = 0; from < places.length; from += PIECE_LINES) {
    const piece = places.slice(from, from + PIECE_LINES);
    const answered = parser.parse(
      piece.map((at) => lines[at] as Uint8Array),
      context,
    );
    piece.forEach((at, n) => (verdicts[at] = answered[n]));
  }
  return {
    sure,
    texts: verdicts.map((verdict, at) => (verdict ? canonicalLine(verdict, lines[at] as Uint8Array) : '')),
    parsed: verdicts.map((verdict) => verdict?.parsed),
    failures: merged(failures),
  };
}

function toldFailure(lines: number, error: unknown): ToldFailure {
  if (!(error instanceof Error)) return { lines, message: String(error) };
  return { lines, message: error.message, ...(error.stack !== undefined && { stack: error.stack }) };
}

/** The first failure with the lines of all: one note of it is enough. */
function merged(failures: readonly ToldFailure[]): readonly ToldFailure[] {
  const [first] = failures;
  if (!first) return [];
  return [{ ...first, lines: failures.reduce((sum, { lines }) => sum + lines, 0) }];
}
