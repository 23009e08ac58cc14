import type { ParseContext } from '#plugin-kit';
import type { GuardedParser } from '../parsers/guarded-parser.js';
import type { DirectLineParser, LineParser, OnParserFailure, Verdict } from '../parsers/verdict.js';
import type { OutsideParser } from './outside-parser.js';

/** Lines, and bytes, that an outside parser is asked about at once: some milliseconds of work. */
const CALL_LINES = 1_000;
const CALL_BYTES = 256 * 1024;

/**
 * Parses the lines of one block with an outside parser, which is held until the block is done.
 *
 * @param question `try` where it is to say how sure it is, too
 */
export function openOutsideParser(
  parser: OutsideParser,
  failed: OnParserFailure,
  question: 'parse' | 'try',
): LineParser {
  parser.hold();
  const parse = async (lines: readonly Uint8Array[], context: ParseContext): Promise<readonly Verdict[]> => {
    const verdicts: Verdict[] = [];
    for (const some of callsOf(lines)) {
      const answer = await parser.ask({ question, lines: some, context, failed });
      verdicts.push(...(answer.verdicts as readonly Verdict[]));
    }
    return verdicts;
  };
  return Object.assign(parse, { pieceLines: CALL_LINES, worksAhead: true, close: () => parser.release() });
}

/**
 * Lets outside parsers take part in a choice that is made line by line and can't wait: before a piece, each is asked once
 * how sure it is of the lines, and what it makes of those that could be its own.
 *
 * @param open makes the chooser of all parsers, the outside ones included
 */
export function openAutoWithOutside(
  outside: readonly OutsideParser[],
  failed: OnParserFailure,
  open: (asked: readonly GuardedParser[]) => DirectLineParser,
): LineParser {
  const asked = outside.map((parser) => new AskedParser(parser, failed));
  const choose = open(asked);
  const parse = async (lines: readonly Uint8Array[], context: ParseContext): Promise<readonly Verdict[]> => {
    await Promise.all(asked.map((parser) => parser.prepare(lines, context)));
    return choose(lines, context);
  };
  return Object.assign(parse, { close: () => asked.forEach((parser) => parser.close()) });
}

/** An outside parser that was asked about the lines beforehand. */
class AskedParser implements GuardedParser {
  readonly name: string;
  readonly #sure = new Map<Uint8Array, number>();
  readonly #verdicts = new Map<Uint8Array, Verdict>();

  constructor(
    private readonly parser: OutsideParser,
    private readonly failed: OnParserFailure,
  ) {
    this.name = parser.name;
    parser.hold();
  }

  async prepare(lines: readonly Uint8Array[], context: ParseContext): Promise<void> {
    this.#sure.clear();
    this.#verdicts.clear();
    for (const some of callsOf(lines)) {
      const asked = { question: 'sniff', lines: some, context, failed: this.failed } as const;
      const { sure, verdicts } = await this.parser.ask(asked);
      some.forEach((line, at) => {
        this.#sure.set(line, sure[at] ?? 0);
        const verdict = verdicts[at];
        if (verdict) this.#verdicts.set(line, verdict);
      });
    }
  }

  readonly parse: DirectLineParser = (lines) =>
    lines.map((line) => this.#verdicts.get(line) ?? { parser: this.name, parsed: NOT_ASKED });

  sniff(line: Uint8Array): number {
    return this.#sure.get(line) ?? 0;
  }

  close(): void {
    this.parser.release();
  }
}

/** For a line that it did not think its own: nobody asks it about one. */
const NOT_ASKED = { kind: 'refused', reason: 'not_mine', message: 'It is none of its lines.' } as const;

function* callsOf(lines: readonly Uint8Array[]): Generator<readonly Uint8Array[]> {
  let from = 0;
  let bytes = 0;
  for (const [at, line] of lines.entries()) {
    const isFull = at - from >= CALL_LINES || (at > from && bytes + line.length > CALL_BYTES);
    if (isFull) {
      yield lines.slice(from, at);
      [from, bytes] = [at, 0];
    }
    bytes += line.length;
  }
  if (from < lines.length) yield lines.slice(from);
}
