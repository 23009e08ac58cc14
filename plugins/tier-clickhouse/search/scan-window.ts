import type { ScanPiece } from '#plugin-kit';
import { engineCode, MEMORY_LIMIT } from '../engine/error-codes.js';
import { exactLines } from './scan-exact.js';
import { lastPosition, readPage } from './scan-page.js';
import type { ScanScope } from './scan-scope.js';
import type { ScanWindow } from './scan-windows.js';

export interface WindowSizes {
  /** Rows that a window should have. */
  readonly rows: number;
  /** Most rows of a piece. */
  readonly pieceRows: number;
}

/** By how much fewer rows are asked for when they don't fit into memory. */
const FEWER = 8;

/**
 * Reads a window of one stream. Where it has more rows than were counted (they arrived since, or are of one nanosecond),
 * it is read page by page; where rows are far longer than on average, in smaller pages.
 */
export async function* readWindow(
  scope: ScanScope,
  window: ScanWindow,
  sizes: WindowSizes,
): AsyncGenerator<ScanPiece> {
  const [stream] = window.streams;
  if (!stream) return;
  const { from, to } = window;
  let after = scope.query.after;
  for (let limit = 2 * sizes.rows; ;) {
    const pieceRows = Math.min(limit, sizes.pieceRows);
    let rows = 0;
    try {
      for await (const piece of readPage(scope, {
        stream,
        from,
        to,
        after,
        limit,
        pieceRows,
        withKeys: false,
      })) {
        rows += piece.rows;
        after = lastPosition({ lines: piece.bytes });
        yield { lines: exactLines(piece.bytes), count: piece.rows };
      }
    } catch (error) {
      limit = fewerRows(error, limit);
      continue;
    }
    if (rows < limit) return;
  }
}

/** How many rows to ask for instead. @throws the error, where fewer rows are no help */
export function fewerRows(error: unknown, limit: number): number {
  if (engineCode(error) !== MEMORY_LIMIT || limit <= FEWER) throw error;
  return Math.floor(limit / FEWER);
}
