import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Binary } from 'mongodb';
import { formatEventId, REFUSED_BY, REFUSED_LINE, type Block, type EventPlace } from '#event-model';
import { isRefusal, mapEvent, type MappedEvent, type StreamSpec, type TierBatch } from '#plugin-kit';
import type { AcceptedRow } from './event-document.js';

/** A row that a field, the format or its parser refuses. */
export interface RefusedRow extends EventPlace {
  readonly reason: string;
  /** Empty for what came as JSON. */
  readonly parser: string;
  readonly source: string;
  readonly receivedAt: bigint;
  /** What is kept of it: the text that came. */
  readonly kept: Buffer;
}

export interface JudgedRows {
  readonly accepted: readonly AcceptedRow[];
  readonly refused: readonly RefusedRow[];
}

const LF = 10;
/** Lines are read so many at a time, so that requests don't wait for a whole batch. */
const LINES_PER_TURN = 500;

/** Takes a batch apart: which of its rows are stored, and as what, and which are refused; those to be left out are neither. */
export async function judgeRows({ stream, blocks, skip }: TierBatch): Promise<JudgedRows> {
  const left = new Set(skip.map(({ block, row }) => formatEventId(block, row)));
  const accepted: AcceptedRow[] = [];
  const refused: RefusedRow[] = [];
  let lines = 0;
  for (const block of blocks)
    for (const line of linesOf(block)) {
      if ((lines += 1) % LINES_PER_TURN === 0) await nextTurn();
      if (left.has(formatEventId(block.header.id, line.row))) continue;
      const judged = judge(stream, block, line);
      if ('reason' in judged) refused.push(judged);
      else accepted.push(judged);
    }
  return { accepted, refused };
}

/** Every row of a batch as if it was refused, for one reason. */
export function refuseRows({ blocks, skip }: TierBatch, reason: string): readonly RefusedRow[] {
  const left = new Set(skip.map(({ block, row }) => formatEventId(block, row)));
  return blocks.flatMap((block) =>
    [...linesOf(block)]
      .filter(({ row }) => !left.has(formatEventId(block.header.id, row)))
      .map((line) => refusal(block, line, { reason, parser: '' })),
  );
}

/** A line with the text that a parser made it of. */
interface Line {
  readonly row: number;
  readonly line: Buffer;
  readonly text?: Buffer;
}

function* linesOf({ body, raw, rows }: Block): Generator<Line> {
  const texts = raw && bufferOf(raw);
  const lines = bufferOf(body);
  for (let from = 0, text = 0, nth = 0; from < lines.length; nth += 1) {
    const end = lines.indexOf(LF, from);
    const line = lines.subarray(from, end);
    from = end + 1;
    const textEnd = texts?.indexOf(LF, text) ?? 0;
    yield { row: rows?.[nth] ?? nth, line, ...(texts && { text: texts.subarray(text, textEnd) }) };
    text = textEnd + 1;
  }
}

function judge(stream: StreamSpec, block: Block, line: Line): AcceptedRow | RefusedRow {
  const byParser = line.text && line.line[0] === REFUSED_LINE;
  if (byParser) return refusal(block, line, parserRefusal(line.line));
  const event = mapEvent(stream.eventType, line.line, block.header.receivedAt);
  if (isRefusal(event)) return refusal(block, line, { reason: event.reason, parser: parserOf(line) });
  const { id, source, receivedAt } = block.header;
  const raw = keptText(line, event, stream);
  return {
    ...{ block: id, row: line.row, source, receivedAt, event },
    ...{ line: line.line.toString('utf8'), isText: line.text !== undefined },
    ...(raw !== undefined && { raw }),
  };
}

function refusal(
  { header: { id, source, receivedAt } }: Block,
  { row, line, text }: Line,
  why: Pick<RefusedRow, 'reason' | 'parser'>,
): RefusedRow {
  return { block: id, row, source, receivedAt, ...why, kept: Buffer.from(text ?? line) };
}

/** The line has the reason and, behind a byte of its own, the parser's name. */
function parserRefusal(line: Buffer): Pick<RefusedRow, 'reason' | 'parser'> {
  const [reason = '', parser = ''] = line.toString('utf8', 1).split(String.fromCharCode(REFUSED_BY));
  return { reason, parser };
}

/** Who made the event of a text line that the type refuses: it says so itself. */
function parserOf({ line, text }: Line): string {
  if (!text) return '';
  try {
    const { parser } = JSON.parse(line.toString('utf8')) as { readonly parser?: unknown };
    return typeof parser === 'string' ? parser : '';
  } catch {
    return '';
  }
}

/** The text of a text line, unless the message is the same, byte for byte, and the stream doesn't keep all. */
function keptText({ text }: Line, event: MappedEvent, { keepRaw }: StreamSpec): string | Binary | undefined {
  if (!text) return undefined;
  const message = String(event.fields.get('message') ?? '');
  if (keepRaw !== 'always' && text.equals(Buffer.from(message))) return undefined;
  return isUtf8(text) ? text.toString('utf8') : new Binary(Buffer.from(text));
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
