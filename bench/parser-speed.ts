import type { ParseContext, Parser } from '#plugin-kit';

/** What one core does with lines, in lines a second of CPU. */
export interface ParserSpeed {
  readonly parsed: number;
  /** The same bytes split at their line ends, and no more. */
  readonly split: number;
  /** Bytes of a line, its end included, on average. */
  readonly lineBytes: number;
}

const LF = 10;
/** Lines that the worker gives a parser at once. */
const PIECE_LINES = 250;

/** Cuts a text at its line ends, as the worker does. */
export function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LF, from);
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

/**
 * Parses the sample lines, repeated until there are `count`, in pieces as the worker does. The best of some rounds
 * counts, in CPU seconds of this process: on shared cores others' work would be in the clock's.
 *
 * @param rounds 2 or more: the first warms up and doesn't count
 */
export function measureParser(
  parser: Parser,
  samples: readonly string[],
  {
    count,
    rounds,
    context,
  }: { readonly count: number; readonly rounds: number; readonly context: ParseContext },
): ParserSpeed {
  const bytes = Buffer.from(
    Array.from({ length: count }, (_, n) => `${samples[n % samples.length]}\n`).join(''),
  );
  let [split, parsed] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const begun = cpuSeconds();
    const lines = splitLines(bytes);
    const cut = cpuSeconds();
    parseAll(parser, lines, context);
    const done = cpuSeconds();
    if (round === 0) continue;
    split = Math.max(split, count / (cut - begun));
    parsed = Math.max(parsed, count / (done - cut));
  }
  return { parsed, split, lineBytes: bytes.length / count };
}

/** @throws Error where an answer is missing: it would be measured as speed */
function parseAll(parser: Parser, lines: readonly Uint8Array[], context: ParseContext): void {
  let answers = 0;
  for (let from = 0; from < lines.length; from += PIECE_LINES)
    answers += parser.parse(lines.slice(from, from + PIECE_LINES), context).length;
  if (answers !== lines.length) throw new Error(`There are ${answers} answers for ${lines.length} lines.`);
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
