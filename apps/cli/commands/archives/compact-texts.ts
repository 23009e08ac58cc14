import { showBytes, showCounted } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { renderTable } from '../../output/table.js';

interface Figures {
  readonly files: number;
  readonly events: number;
  readonly bytes: number;
}

/** What is to be merged, as the API shows it. */
export interface Compaction extends Figures {
  readonly days: readonly (Figures & {
    readonly stream: string;
    readonly day: string;
    readonly held: boolean;
  })[];
  readonly replaced: Figures & { readonly gone_at?: string };
}

export interface BegunCompaction extends Figures {
  readonly job: string;
}

const HEAD = ['STREAM', 'DAY', 'FILES', 'EVENTS', 'BYTES', ''] as const;

/** A line for each day, and what is still there of what was merged. */
export function describeCompaction({ days, replaced, ...all }: Compaction): string {
  const rows = days.map(({ stream, day, files, events, bytes, held }) => [
    ...[stream, day, String(files), String(events), showBytes(bytes), held ? 'held' : ''],
  ]);
  const table = rows.length > 0 ? renderTable(HEAD, rows) : '';
  const gone =
    replaced.gone_at === undefined ? '' : `, the first until ${printable(replaced.gone_at).slice(0, 19)}`;
  const still = replaced.files > 0 ? `${sumOf(replaced)} were merged and are still there${gone}.\n` : '';
  return `${table}${all.files > 0 ? `${sumOf(all)} would be merged.` : 'Nothing is to be merged.'}\n${still}`;
}

/** What is merged. */
export function describeBegun(begun: BegunCompaction): string {
  if (begun.files === 0) return 'Nothing is to be merged.\n';
  return `${sumOf(begun)} are merged by day: job ${printable(begun.job)}.\n`;
}

function sumOf({ files, events, bytes }: Figures): string {
  return `${showCounted(files, 'file')} with ${showCounted(events, 'event')} (${showBytes(bytes)})`;
}
