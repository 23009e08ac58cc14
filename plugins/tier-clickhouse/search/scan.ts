import type { ScanPiece, ScanQuery } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { daysOf, type ScanDay } from './scan-days.js';
import { mergeWindow } from './scan-merge.js';
import { readWindow, type WindowSizes } from './scan-window.js';
import { MIN_WINDOW_ROWS, PIECE_BYTES, PIECE_ROWS, WINDOW_BYTES, WINDOW_ROWS } from './scan-settings.js';
import type { ScanScope } from './scan-scope.js';
import { windowsOf } from './scan-windows.js';

/**
 * Reads a selection in the order of time, with memory that doesn't grow with it. A table is sorted by its declared columns
 * first, so that time order needs a sort: it is done window by window, each small enough for memory. Windows share
 * no moment, so no row is in two of them, whatever arrives meanwhile.
 */
export async function* scanEvents(
  engine: Engine,
  query: ScanQuery,
  ...[signal, sizesOf = sizesFor]: [signal?: AbortSignal | undefined, sizesOf?: (day: ScanDay) => WindowSizes]
): AsyncGenerator<ScanPiece> {
  const scope: ScanScope = { engine, query: behindStart(query), signal };
  if (scope.query.from >= scope.query.to || query.streams.length === 0) return;
  for await (const day of daysOf(scope)) {
    const sizes = sizesOf(day);
    for await (const window of windowsOf(scope, day, sizes.rows)) {
      const read = window.streams.length === 1 ? readWindow : mergeWindow;
      yield* read(scope, window, sizes);
    }
  }
}

/** What lies before the position of the query is not even looked at. */
function behindStart(query: ScanQuery): ScanQuery {
  const { after } = query;
  if (!after) return query;
  if (query.order === 'asc')
    return after.timestamp > query.from ? { ...query, from: after.timestamp } : query;
  return after.timestamp < query.to ? { ...query, to: after.timestamp + 1n } : query;
}

function sizesFor({ streams, rows, bytes }: ScanDay): WindowSizes {
  const rowBytes = Math.max(1, bytes / rows);
  const within = (size: number, least: number, most: number): number =>
    Math.max(least, Math.min(most, Math.floor(size / rowBytes)));
  // Several streams are merged from memory, where a row is its text too.
  const bytesOfAll = streams.length > 1 ? WINDOW_BYTES / 4 : WINDOW_BYTES;
  return {
    rows: within(bytesOfAll, MIN_WINDOW_ROWS, WINDOW_ROWS),
    pieceRows: within(PIECE_BYTES / 2, 1, PIECE_ROWS),
  };
}
