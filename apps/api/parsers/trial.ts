import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventTypeDeclaration } from '#event-model';
import type { LineParser, ParserRegistry, Verdict } from '#plugin-host';
import { judgeLine } from './judge-line.js';
import type { DryRunResult } from './parsers.schema.js';
import { triedLines, type TriedLine } from './tried-lines.js';

/** Events, and bytes, that are parsed at once: some two milliseconds of work. */
const PIECE_LINES = 20;
const PIECE_BYTES = 16 * 1024;

/** A line that a parser is tried with. */
export interface TrialLine {
  /** Without its end. */
  readonly bytes: Buffer;
  /** Nanoseconds since the epoch. */
  readonly receivedAt: bigint;
  /** What its event is checked against. */
  readonly eventType: EventTypeDeclaration;
}

/** A parser, and lines to try it with. */
export interface Trial {
  readonly name: string;
  /** What is known of the parser besides: how sure it is of lines, and which of them belong together. */
  readonly parsers: ParserRegistry;
  readonly parse: LineParser;
  /** What parsers threw, by their names. */
  readonly failures: ReadonlyMap<string, unknown>;
  readonly lines: readonly TrialLine[];
  /** Bytes of an event of several lines; absent where each line is an event already, as stored ones are. */
  readonly joinedBytes?: number | undefined;
  /** Of times that stand without one. */
  readonly zone?: string | undefined;
}

/** A line, with what it is to the parser. */
interface AskedLine extends TrialLine {
  readonly tried: TriedLine;
}

/**
 * Tries the lines in small pieces, between which requests under way have their turn.
 *
 * @param deadline of the clock `performance.now`: milliseconds
 * @returns a result for each line in order; for the first ones only where the time is up
 */
export async function tryLines(trial: Trial, deadline: number): Promise<DryRunResult[]> {
  const results: DryRunResult[] = [];
  for (const piece of piecesOf(askedLines(trial))) {
    if (performance.now() > deadline) break;
    results.push(...(await tryPiece(piece, trial)));
    await nextTurn();
  }
  return results;
}

function askedLines({ name, parsers, lines, joinedBytes }: Trial): readonly AskedLine[] {
  const grouping = joinedBytes === undefined ? undefined : parsers.grouping(name);
  const tried = triedLines(
    lines.map(({ bytes }) => bytes),
    grouping,
    joinedBytes ?? 0,
  );
  return lines.map((line, at) => ({ ...line, tried: tried[at] as TriedLine }));
}

/** The lines of a piece were received at the same time. */
async function tryPiece(piece: readonly AskedLine[], trial: Trial): Promise<DryRunResult[]> {
  const { name, parsers, parse, failures, zone } = trial;
  const receivedAt = piece[0]?.receivedAt ?? 0n;
  const context = zone === undefined ? { receivedAt } : { receivedAt, zone };
  const full = piece.flatMap(({ tried, eventType }) =>
    tried.kind === 'event' ? { tried, line: tried.line, eventType } : [],
  );
  const verdicts = await parse(
    full.map(({ line }) => line),
    context,
  );
  const results = new Map<TriedLine, DryRunResult>(
    full.map(({ tried, line, eventType }, at) => {
      const verdict = verdicts[at] as Verdict;
      const { certainty = parsers.certainty(verdict.parser ?? name, line) } = verdict;
      return [tried, judgeLine(line, { verdict, certainty, failures, eventType, receivedAt })];
    }),
  );
  return piece.map(({ tried }) => results.get(tried) ?? (tried.kind === 'joined' ? JOINED : BLANK));
}

const BLANK: DryRunResult = {
  parser: null,
  reason: 'blank_line',
  message: 'A blank line is no event: it is passed over.',
};

const JOINED: DryRunResult = {
  parser: null,
  reason: 'joined_line',
  message: 'It belongs to the event of a line above: the parser joined them.',
};

function* piecesOf(lines: readonly AskedLine[]): Generator<readonly AskedLine[]> {
  let piece: AskedLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    const [first] = piece;
    const isFull = piece.length >= PIECE_LINES || bytes >= PIECE_BYTES;
    if (first && (isFull || first.receivedAt !== line.receivedAt)) {
      yield piece;
      [piece, bytes] = [[], 0];
    }
    piece.push(line);
    bytes += line.tried.kind === 'event' ? line.tried.line.byteLength : 0;
  }
  if (piece.length > 0) yield piece;
}
