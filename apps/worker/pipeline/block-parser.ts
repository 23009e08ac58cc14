import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Block } from '#event-model';
import {
  canonicalLine,
  failedLine,
  type LineParser,
  type ParserFailure,
  type ParserRegistry,
} from '#plugin-host';
import { AUTO_PARSER } from '#plugin-kit';

const LF = 10;
/** Lines, and bytes, that are parsed at once. */
const PIECE_LINES = 250;
const PIECE_BYTES = 64 * 1024;
/** Milliseconds after which others have their turn. */
const TURN_MS = 8;

/** Told, once for a block and a parser, that the parser failed at lines of the block. */
export type OnBlockFailure = (failure: ParserFailure, block: Block) => void;

/** Makes of blocks of text lines blocks of canonical lines, with the parser that the block's header names. */
export class BlockParser {
  constructor(
    private readonly parsers: Pick<ParserRegistry, 'open'>,
    private readonly failed: OnBlockFailure,
  ) {}

  /**
   * The block with one canonical line for each text line, which it keeps as `raw`. The same block always becomes the
   * same one: what its parser can't do becomes a refusal, never an error.
   */
  async parse(block: Block): Promise<Block> {
    const { header } = block;
    const failures = new Map<string, ParserFailure>();
    const parse = this.#open(header.parser ?? AUTO_PARSER, (failure) => add(failures, failure));
    const body = await parseLines(block, parse).finally(() => parse.close?.());
    for (const failure of failures.values()) this.failed(failure, block);
    return { header: { ...header, format: 'records' }, body, raw: block.body };
  }

  /** A block may name a parser that was taken away since: its lines wait in quarantine. */
  #open(name: string, failed: (failure: ParserFailure) => void): LineParser {
    const parse = this.parsers.open(name, failed);
    if (parse) return parse;
    return (lines) => {
      failed({ parser: name, lines: lines.length, error: new Error(`There is no parser "${name}".`) });
      return lines.map(() => ({ parser: name, parsed: failedLine(name) }));
    };
  }
}

async function parseLines({ header, body }: Block, parse: LineParser): Promise<Uint8Array> {
  const made: Buffer[] = [];
  const { receivedAt, zone } = header;
  const context = zone === undefined ? { receivedAt } : { receivedAt, zone };
  const pieces = piecesOf(body, parse.pieceLines);
  const ask = (): Asked | undefined => {
    const { value: lines } = pieces.next();
    return lines && { lines, answer: parse(lines, context) };
  };
  let turn = performance.now();
  for (let asked = ask(); asked;) {
    const ahead = parse.worksAhead ? ask() : undefined;
    const { lines, answer } = asked;
    // Only where it has to be: a wait at every piece would cost built-in parsers some of their speed.
    const verdicts = answer instanceof Promise ? await answer : answer;
    const text = verdicts.map((verdict, at) => canonicalLine(verdict, lines[at] as Uint8Array));
    made.push(Buffer.from(`${text.join('\n')}\n`));
    if (performance.now() - turn >= TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    asked = ahead ?? ask();
  }
  return Buffer.concat(made);
}

/** Some lines, and what their parser says of them, now or later. */
interface Asked {
  readonly lines: readonly Uint8Array[];
  readonly answer: ReturnType<LineParser>;
}

/** The lines of a body, without their ends, in groups. */
function* piecesOf(body: Uint8Array, most = PIECE_LINES): Generator<readonly Uint8Array[]> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let lines: Uint8Array[] = [];
  let begin = 0;
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LF, from);
    lines.push(bytes.subarray(from, end));
    from = end + 1;
    if (lines.length < most && from - begin < PIECE_BYTES * (most / PIECE_LINES)) continue;
    yield lines;
    [lines, begin] = [[], from];
  }
  if (lines.length > 0) yield lines;
}

function add(failures: Map<string, ParserFailure>, { parser, lines, error }: ParserFailure): void {
  const before = failures.get(parser);
  failures.set(parser, before ? { ...before, lines: before.lines + lines } : { parser, lines, error });
}
