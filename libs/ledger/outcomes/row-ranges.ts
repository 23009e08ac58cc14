/** Rows of a block as text: ascending ranges and single rows, as in `0-3,7,9-12`; empty for none. */
export type RowRanges = string;

/** Writes rows, given in any order and perhaps twice, as ranges. */
export function formatRows(rows: Iterable<number>): RowRanges {
  const ascending = [...new Set(rows)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const row of ascending) {
    const last = ranges.at(-1);
    if (last && last[1] === row - 1) last[1] = row;
    else ranges.push([row, row]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** All rows of a block of so many, which are one at least. */
export function allRows(count: number): RowRanges {
  return count === 1 ? '0' : `0-${count - 1}`;
}

/** How many of the rows lie in `first` to `last`, both inclusive. */
export function countRows(ranges: RowRanges, first: number, last: number): number {
  return clip(ranges, first, last).reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** The rows that lie in `first` to `last`, ascending, at most `limit`. */
export function listRows(ranges: RowRanges, window: RowWindow): number[] {
  const rows: number[] = [];
  for (const [from, to] of clip(ranges, window.first, window.last))
    for (let row = from; row <= to && rows.length < window.limit; row += 1) rows.push(row);
  return rows;
}

/** All of the rows, ascending. */
export function rowsOf(ranges: RowRanges): number[] {
  return listRows(ranges, { first: 0, last: Infinity, limit: Infinity });
}

/** A part of a block's rows, both ends inclusive. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
  readonly limit: number;
}

function clip(ranges: RowRanges, first: number, last: number): (readonly [number, number])[] {
  if (ranges === '') return [];
  return ranges
    .split(',')
    .map((range) => range.split('-').map(Number))
    .map(([from = 0, to = from]) => [Math.max(from, first), Math.min(to, last)] as const)
    .filter(([from, to]) => from <= to);
}
