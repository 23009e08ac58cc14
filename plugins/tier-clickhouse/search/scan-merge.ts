import type { ScanPiece } from '#plugin-kit';
import { exactLines } from './scan-exact.js';
import { KEY_LENGTH } from './scan-line.js';
import { positionOfKey, readPage } from './scan-page.js';
import { PIECE_BYTES } from './scan-settings.js';
import { fewerRows, type WindowSizes } from './scan-window.js';
import type { ScanScope } from './scan-scope.js';
import type { ScanWindow } from './scan-windows.js';

interface KeyedLine {
  /** Has the order of the lines. */
  readonly key: string;
  /** The line with its line feed. */
  readonly line: Uint8Array;
}

interface StreamLines {
  readonly lines: readonly KeyedLine[];
  /** The window may have more of the stream behind them. */
  readonly isCut: boolean;
}

/** Reads a window of several streams: each stream's rows into memory, then all in one order. */
export async function* mergeWindow(
  scope: ScanScope,
  window: ScanWindow,
  sizes: WindowSizes,
): AsyncGenerator<ScanPiece> {
  const compare = comparisonOf(scope);
  let after = scope.query.after;
  for (let limit = 2 * sizes.rows; ;) {
    let read: readonly StreamLines[];
    try {
      read = await readStreams({ ...scope, query: { ...scope.query, ...(after && { after }) } }, window, {
        rows: limit,
        pieceRows: Math.min(limit, sizes.pieceRows),
      });
    } catch (error) {
      limit = fewerRows(error, limit);
      continue;
    }
    const horizon = horizonOf(read, compare);
    const lines = read.flatMap((stream) => stream.lines).sort((a, b) => compare(a.key, b.key));
    yield* piecesOf(lines.filter(({ key }) => horizon === undefined || compare(key, horizon) <= 0));
    if (horizon === undefined) return;
    after = positionOfKey(horizon);
  }
}

function comparisonOf({ query }: ScanScope): (a: string, b: string) => number {
  const direction = query.order === 'asc' ? 1 : -1;
  return (a, b) => (a < b ? -direction : a > b ? direction : 0);
}

async function readStreams(
  scope: ScanScope,
  { from, to, streams }: ScanWindow,
  { rows: limit, pieceRows }: WindowSizes,
): Promise<readonly StreamLines[]> {
  const read: StreamLines[] = [];
  const { after } = scope.query;
  for (const stream of streams)
    read.push(await readStream(scope, { stream, from, to, after, limit, pieceRows, withKeys: true }));
  return read;
}

async function readStream(scope: ScanScope, page: Parameters<typeof readPage>[1]): Promise<StreamLines> {
  const lines: KeyedLine[] = [];
  for await (const { bytes } of readPage(scope, page)) lines.push(...keyedLines(bytes));
  return { lines, isCut: lines.length >= page.limit };
}

function* keyedLines(bytes: Uint8Array): Generator<KeyedLine> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(0x0a, start) + 1;
    const key = text.toString('latin1', start, start + KEY_LENGTH);
    yield { key, line: text.subarray(start + KEY_LENGTH, end) };
    start = end;
  }
}

/** Up to which key all streams were read: behind it a stream that was cut may have more. */
function horizonOf(
  read: readonly StreamLines[],
  compare: (a: string, b: string) => number,
): string | undefined {
  const last = read.flatMap(({ lines, isCut }) => (isCut ? [lines.at(-1)?.key ?? ''] : []));
  return last.sort(compare)[0];
}

function* piecesOf(lines: readonly KeyedLine[]): Generator<ScanPiece> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  for (const { line } of lines) {
    gathered.push(line);
    size += line.length;
    if (size >= PIECE_BYTES) {
      yield toPiece(gathered);
      [gathered, size] = [[], 0];
    }
  }
  if (gathered.length > 0) yield toPiece(gathered);
}

function toPiece(lines: readonly Uint8Array[]): ScanPiece {
  return { lines: exactLines(Buffer.concat(lines)), count: lines.length };
}
