import type { ParseConfidence, ParseContext, ParsedLine } from '#plugin-kit';

/** What became of a text line. */
export interface Verdict {
  /** Name of the parser whose work it is; undefined where none knew the line. */
  readonly parser: string | undefined;
  readonly parsed: ParsedLine;
}

/** How much of the line its parser could read. */
export function confidenceOf(parsed: ParsedLine): ParseConfidence {
  return parsed.kind === 'event' ? (parsed.confidence ?? 'full') : 'full';
}

/**
 * Parses lines of one block, piece by piece, in order: one verdict for each line, in order. Never throws. Knows what
 * fitted last, so a block has one of its own, and the same block always gives the same verdicts.
 */
export type LineParser = (lines: readonly Uint8Array[], context: ParseContext) => readonly Verdict[];

/** Lines that a parser failed at: it threw, or broke its contract. */
export interface ParserFailure {
  readonly parser: string;
  readonly lines: number;
  readonly error: unknown;
}

/** Told of failures, to log and count them. */
export type OnParserFailure = (failure: ParserFailure) => void;
