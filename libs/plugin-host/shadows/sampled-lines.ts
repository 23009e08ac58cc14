import type { Block } from '#event-model';
import { AUTO_PARSER } from '#plugin-kit';

const LF = 10;
/** Most lines, and bytes, that are taken from one block. */
const MAX_LINES = 250;
const MAX_BYTES = 256 * 1024;

/** A text line of a block, and the canonical line that was made of it. */
export interface SampledLine {
  readonly line: Buffer;
  readonly active: string;
}

/** Which lines of which blocks are looked at. */
export interface Sampling {
  /** The parser's name. */
  readonly parser: string;
  /** How many of a thousand lines. */
  readonly perMille: number;
  /** From 0 to 1; for each line one. */
  readonly random: () => number;
}

/**
 * Takes a share of the lines that the parser had to do with: all of a block that names it; of a block that `auto` read,
 * those that it took and those that nobody knew.
 *
 * @param parsed the block once it was parsed
 * @returns copies, which keep nothing of the block alive
 */
export function sampleLines(block: Block, parsed: Block, sampling: Sampling): readonly SampledLine[] {
  const { header, body } = block;
  const isAuto = (header.parser ?? AUTO_PARSER) === AUTO_PARSER;
  const ends = isAuto ? [`"parser":${JSON.stringify(sampling.parser)}}`, '"parse_status":"none"}'] : [''];
  const [lines, answers] = [linesOf(body), linesOf(parsed.body)];
  const taken: SampledLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    const answer = answers.next().value;
    if (answer === undefined || sampling.random() * 1_000 >= sampling.perMille) continue;
    const active = answer.toString();
    if (!ends.some((end) => active.endsWith(end))) continue;
    bytes += line.length;
    if (taken.length >= MAX_LINES || bytes > MAX_BYTES) break;
    taken.push({ line: Buffer.from(line), active });
  }
  return taken;
}

function* linesOf(body: Uint8Array): Generator<Buffer, undefined> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LF, from);
    if (end < 0) return undefined;
    yield bytes.subarray(from, end);
    from = end + 1;
  }
  return undefined;
}
