import type { FramedLines, LongLine } from '#event-bus';
import type { LineGrouping } from '#plugin-kit';
import { LineGrouper } from './line-grouper.js';

const LF = 10;
const [TAB, CR, SPACE] = [9, 13, 32];
/** Lines between two pauses: a few milliseconds of work. */
const PIECE_LINES = 2_000;
const END = Uint8Array.of(LF);

/**
 * Frames a text of which several lines may be one event: each event becomes one line, as {@link LineGrouper} joins them.
 * With pauses in which the caller may let other work run.
 *
 * @param maxLineBytes of a line of the text, and of an event
 */
export function* groupLinesInPieces(
  body: Uint8Array,
  maxLineBytes: number,
  grouping: LineGrouping,
): Generator<void, FramedLines | LongLine> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const grouper = new LineGrouper(grouping, maxLineBytes);
  const pieces: Uint8Array[] = [];
  let events: Uint8Array[] = [];
  let [number, count] = [0, 0];
  const keep = (event: Uint8Array | undefined): void => {
    if (!event) return;
    events.push(event, END);
    count += 1;
  };
  // An object for each event of a whole request would take many times its bytes.
  const write = (): void => {
    pieces.push(Buffer.concat(events));
    events = [];
  };
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(LF, from);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(from, textEnd(bytes, from, end));
    number += 1;
    from = end + 1;
    if (line.length > maxLineBytes) return { tooLong: { line: number, bytes: line.length } };
    if (isBlank(line)) grouper.addBlank();
    else keep(grouper.add(line));
    if (number % PIECE_LINES > 0) continue;
    write();
    yield;
  }
  keep(grouper.end());
  write();
  return { body: Buffer.concat(pieces), count };
}

function textEnd(bytes: Buffer, from: number, end: number): number {
  let at = end;
  while (at > from && bytes[at - 1] === CR) at -= 1;
  return at;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === SPACE || byte === TAB || byte === CR);
}
