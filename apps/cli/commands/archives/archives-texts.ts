import { showBytes, showCounted } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { renderTable } from '../../output/table.js';
import type { ArchiveFigures, AttachedList, Estimate } from './archives-answers.js';

const HEAD = [
  'NAME',
  'PLACE',
  'STREAM',
  'DAYS',
  'EVENTS',
  'BYTES',
  'OLDEST DAY',
  'NEWEST DAY',
  'SIGNED BY',
] as const;

/** A line for each, and where more may be attached from. */
export function describeAttached({ attached, places }: AttachedList): string {
  const more = places.length > 0 ? `\nPlaces: ${places.map(printable).join(', ')}.\n` : '';
  return `${renderTable(HEAD, attached.map(row))}${more}`;
}

/** What would be attached, and each refusal. */
export function describeEstimate(estimate: Estimate): string {
  const { refused, refused_total: total } = estimate;
  const lines = refused.map(
    ({ key, reason, detail }) => `${printable(key)}: ${printable(reason)}: ${printable(detail)}\n`,
  );
  const head = total > 0 ? `\n${showCounted(total, 'manifest')} not used:\n${lines.join('')}` : '';
  return `${renderTable(HEAD, [row(estimate)])}${head}\nNothing was attached.\n`;
}

/** Whether there is something, and nothing of it would be missing. */
export function isWhole({ units, refused, refused_total: total }: Estimate): boolean {
  return units > 0 && total === refused.length && refused.every(({ reason }) => reason === 'superseded');
}

function row(figures: ArchiveFigures): readonly string[] {
  const { name, place, stream, units, events, bytes, oldest_day: oldest, newest_day: newest } = figures;
  return [
    ...[name, place, stream, String(units), String(events), showBytes(bytes)],
    ...[oldest ?? '-', newest ?? '-', figures.signed_by.join(',') || '-'],
  ];
}
