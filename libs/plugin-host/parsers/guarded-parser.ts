import {
  parserName,
  REFUSAL_REASON,
  type LineGrouping,
  type ParsedLine,
  type ParserPlugin,
} from '#plugin-kit';
import type { DirectLineParser, OnParserFailure, Verdict } from './verdict.js';

/** A parser that can't do harm: what it throws, and what breaks its contract, are refusals of its lines. */
export interface GuardedParser {
  readonly name: string;
  readonly parse: DirectLineParser;
  /** From 0 to 1; 0 where the parser fails. */
  sniff(line: Uint8Array): number;
}

/** Guards a parser. A failure refuses the lines of that call with the reason `parser:<name>`. */
export function guardParser({ manifest, parser }: ParserPlugin, failed: OnParserFailure): GuardedParser {
  const name = parserName(manifest);
  const toVerdict = (parsed: ParsedLine): Verdict => ({ parser: name, parsed });
  return {
    name,
    parse: (lines, context) => {
      try {
        const results = parser.parse(lines, context);
        check(results, lines.length);
        return results.map(toVerdict);
      } catch (error) {
        failed({ parser: name, lines: lines.length, error });
        const refusal = toVerdict(failedLine(name));
        return lines.map(() => refusal);
      }
    },
    sniff: (line) => {
      try {
        const sure = parser.sniff(line);
        return sure >= 0 && sure <= 1 ? sure : 0;
      } catch (error) {
        failed({ parser: name, lines: 1, error });
        return 0;
      }
    },
  };
}

/** Guards a grouping: a line at which it throws begins an event. */
export function guardGrouping({ maxLines, open }: LineGrouping): LineGrouping {
  return {
    maxLines,
    open: () => {
      const goesOn = open();
      return (line) => {
        try {
          return goesOn(line);
        } catch {
          return false;
        }
      };
    },
  };
}

/** What a line is where the parser itself failed, or isn't there. */
export function failedLine(name: string): ParsedLine {
  const message = `The parser "${name}" failed at this line or one beside it; the log of the server says how.`;
  return { kind: 'refused', reason: `parser:${name}`, message };
}

function check(results: readonly ParsedLine[], lines: number): void {
  if (!Array.isArray(results) || results.length !== lines)
    throw new TypeError(`it answered ${Array.isArray(results) ? results.length : 'no'} lines for ${lines}`);
  const wrong = results.findIndex((result) => !isParsedLine(result));
  if (wrong >= 0) throw new TypeError(`its answer for line ${wrong} is no ParsedLine`);
}

function isEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}

function isConfidence(confidence: unknown): boolean {
  return confidence === undefined || confidence === 'full' || confidence === 'partial';
}

function isParsedLine(result: ParsedLine | null | undefined): boolean {
  if (result?.kind === 'event') return isEvent(result.event) && isConfidence(result.confidence);
  return result?.kind === 'json' || (result?.kind === 'refused' && REFUSAL_REASON.test(result.reason));
}
