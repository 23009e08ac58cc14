import type { ParseConfidence, ParseContext, ParsedLine } from '#plugin-kit';

/** What became of a text line. */
export interface Verdict {
  /** Name of the parser whose work it is; undefined where none knew the line. */
  readonly parser: string | undefined;
  readonly parsed: ParsedLine;
  /** Its canonical line, where that was written already. */
  readonly line?: string;
  /** How sure its parser is of the line, from 0 to 1, where it was asked already. */
  readonly certainty?: number;
}

/** How much of the line its parser could read. */
export function confidenceOf(parsed: ParsedLine): ParseConfidence {
  return parsed.kind === 'event' ? (parsed.confidence ?? 'full') : 'full';
}

/**
 * Parses lines of one block, piece by piece, in order: one verdict for each line, in order. Never throws. Knows what
 * fitted last, so a block has one of its own, and the same block always gives the same verdicts.
 */
export type DirectLineParser = (lines: readonly Uint8Array[], context: ParseContext) => readonly Verdict[];

/** A {@link DirectLineParser}, or one that asks other processes and answers later. */
export interface LineParser {
  (lines: readonly Uint8Array[], context: ParseContext): readonly Verdict[] | Promise<readonly Verdict[]>;
  /** How many lines it takes best at once, where that is not the caller's choice. */
  readonly pieceLines?: number;
  /** Whether it may be given the next lines before it answered for these; it answers in order all the same. */
  readonly worksAhead?: boolean;
  /** Tells that no more lines come: what was kept for them may go. */
  close?(): void;
}

/** Lines that a parser failed at: it threw, or broke its contract. */
export interface ParserFailure {
  readonly parser: string;
  readonly lines: number;
  readonly error: unknown;
}

/** Told of failures, to log and count them. */
export type OnParserFailure = (failure: ParserFailure) => void;
