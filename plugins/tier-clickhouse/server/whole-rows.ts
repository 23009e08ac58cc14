import type { TextPiece } from '../engine/engine.js';
import { lateError, MARK_BYTES, markOf } from './late-error.js';

const LF = 10;

/**
 * Pieces of an answer in a text format, each of whole rows. What a failed statement had answered is given, then its error
 * is thrown; an answer that is cut off is an error of the bytes themselves.
 */
export async function* wholeRows(
  bytes: AsyncIterable<Uint8Array>,
  tag: string | undefined,
): AsyncGenerator<TextPiece> {
  let held = Buffer.alloc(0);
  try {
    for await (const chunk of bytes) {
      held = Buffer.concat([held, chunk]);
      const mark = markOf(held, tag);
      // A mark that is not complete yet must not be handed on as rows.
      const safe = mark < 0 ? held.length - MARK_BYTES : mark;
      const end = safe > 0 ? held.lastIndexOf(LF, safe - 1) + 1 : 0;
      if (end > 0) yield piece(held.subarray(0, end));
      held = held.subarray(end);
    }
  } catch (error) {
    // A server that has said what failed cuts its answer off.
    throw markOf(held, tag) < 0 ? error : lateError(held, markOf(held, tag));
  }
  const mark = markOf(held, tag);
  if (mark >= 0) throw lateError(held, mark);
  if (held.length > 0) yield piece(held);
}

function piece(bytes: Buffer): TextPiece {
  let rows = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) rows += 1;
  return { bytes, rows };
}
