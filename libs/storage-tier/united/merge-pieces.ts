import { parseEventId } from '#event-model';
import type { ScanPiece } from '#plugin-kit';

/** Lines of one piece. */
const PIECE_LINES = 256;

/** Whether a line comes before another one. */
type Before = (a: Place, b: Place) => boolean;

/** Where an event stands: times of one form compare as their text does. */
interface Place {
  readonly time: string;
  readonly block: string;
  readonly row: number;
}

interface PlacedLine {
  readonly place: Place;
  readonly line: string;
}

/** In the order of a search: by time, then by block and row. */
export function byTime(order: 'asc' | 'desc'): Before {
  return (a, b) => (order === 'asc' ? compare(a, b) < 0 : compare(b, a) < 0);
}

/** In the order of acceptance. */
export const byPlace: Before = (a, b) => compare({ ...a, time: '' }, { ...b, time: '' }) < 0;

export function compare(a: Place, b: Place): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.block !== b.block) return a.block < b.block ? -1 : 1;
  return a.row - b.row;
}

/** Where an event that the API shows stands. */
export function placeOf(event: { readonly event_id: string; readonly timestamp?: unknown }): Place {
  const place = parseEventId(event.event_id);
  return { time: String(event.timestamp ?? ''), block: place?.block ?? '', row: place?.row ?? 0 };
}

/** The lines of two scans in one order. Both end with the reader. */
export async function* mergePieces(
  first: AsyncIterable<ScanPiece>,
  second: AsyncIterable<ScanPiece>,
  isBefore: Before,
): AsyncGenerator<ScanPiece> {
  const [a, b] = [linesOf(first), linesOf(second)];
  try {
    let [left, right] = [await a.next(), await b.next()];
    for (let lines: string[] = []; ;) {
      const takesLeft = !left.done && (right.done || !isBefore(right.value.place, left.value.place));
      const taken = takesLeft ? left : right;
      if (!taken.done) lines.push(taken.value.line);
      if (lines.length === PIECE_LINES || (taken.done && lines.length > 0)) {
        yield { lines: Buffer.from(lines.join('')), count: lines.length };
        lines = [];
      }
      if (taken.done) return;
      if (takesLeft) left = await a.next();
      else right = await b.next();
    }
  } finally {
    await Promise.all([a.return(undefined), b.return(undefined)]);
  }
}

async function* linesOf(pieces: AsyncIterable<ScanPiece>): AsyncGenerator<PlacedLine, void> {
  for await (const { lines } of pieces)
    for (const line of Buffer.from(lines).toString('utf8').split('\n'))
      if (line !== '')
        yield {
          place: placeOf(JSON.parse(line) as Parameters<typeof placeOf>[0]),
          line: `${line}\n`,
        };
}
