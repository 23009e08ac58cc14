import type { LineGrouping } from '#plugin-kit';
import { LineGrouper } from '../ingest/line-grouper.js';

/** What a line of a dry run is: the beginning of an event, with what the parser gets, or nothing by itself. */
export type TriedLine =
  | { readonly kind: 'event'; readonly line: Uint8Array }
  | { readonly kind: 'blank' }
  /** It belongs to an event above. */
  | { readonly kind: 'joined' };

/** What each of the lines is to a parser. @param maxBytes of an event of several lines */
export function triedLines(
  lines: readonly Buffer[],
  grouping: LineGrouping | undefined,
  maxBytes: number,
): readonly TriedLine[] {
  if (grouping) return groupLines(lines, new LineGrouper(grouping, maxBytes));
  return lines.map((line) => (isBlank(line) ? { kind: 'blank' } : { kind: 'event', line }));
}

function groupLines(lines: readonly Buffer[], grouper: LineGrouper): readonly TriedLine[] {
  const tried: TriedLine[] = [];
  let begin = -1;
  const keep = (line: Uint8Array | undefined): void => {
    if (line) tried[begin] = { kind: 'event', line };
  };
  lines.forEach((line, at) => {
    tried.push({ kind: isBlank(line) ? 'blank' : 'joined' });
    if (isBlank(line)) return grouper.addBlank();
    const before = grouper.add(line);
    keep(before);
    if (before || begin < 0) begin = at;
  });
  keep(grouper.end());
  return tried;
}

function isBlank(line: Buffer): boolean {
  return line.toString('latin1').trim() === '';
}
