import { parseTime } from '#event-model';
import type { ParseContext, ParsedLine, Parser } from '#plugin-kit';

/** A parser under test, with lines of its format. */
export interface ParserHarness {
  readonly parser: Parser;
  /** Lines of the plugin's samples. */
  readonly samples: readonly Uint8Array[];
}

/** Which sentence of the contract a case holds a parser to. */
export type ParserPromise =
  'batch' | 'order' | 'pure' | 'total' | 'answers' | 'sniff' | 'bounded' | 'grouping';

export interface ParserCase {
  readonly promise: ParserPromise;
  readonly name: string;
  /** Throws where the promise is broken. */
  run(harness: ParserHarness): void;
}

/** When the lines of samples and cases were received: 2026-11-21T12:00:00Z. */
export const SAMPLE_CONTEXT: ParseContext = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };

/** Parses copies of the lines, so that a parser that changes them spoils no other case. */
export function parseCopies(parser: Parser, lines: readonly Uint8Array[]): readonly ParsedLine[] {
  return parser.parse(
    lines.map((line) => Uint8Array.from(line)),
    SAMPLE_CONTEXT,
  );
}
