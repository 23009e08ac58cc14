import { showBytes } from '../../output/figures.js';
import { renderTable } from '../../output/table.js';

/** Restored events, as the API shows them. */
export interface Restored {
  readonly name: string;
  readonly stream: string;
  readonly state: string;
  readonly units: number;
  readonly events: number;
  readonly bytes: number;
  readonly oldest_day?: string;
  readonly newest_day?: string;
  readonly expires_at: string;
  readonly job: string;
}

export interface RestoreEstimate extends Omit<Restored, 'state' | 'job'> {
  readonly disk_bytes_needed: number;
  readonly disk_bytes_free: number;
  readonly fits: boolean;
}

const HEAD = [
  'NAME',
  'OF',
  'STATE',
  'DAYS',
  'EVENTS',
  'BYTES',
  'OLDEST DAY',
  'NEWEST DAY',
  'GOES AT',
] as const;

/** A line for each. */
export function describeRestored(restored: readonly Restored[]): string {
  return renderTable(
    HEAD,
    restored.map((one) => row(one, one.state)),
  );
}

/** What it would bring, and whether it has room. */
export function describeRestoreEstimate(estimate: RestoreEstimate): string {
  const { disk_bytes_needed: needed, disk_bytes_free: free, fits } = estimate;
  const room = `It needs about ${showBytes(needed)} of disk, and ${showBytes(free)} are free above the reserve${fits ? '' : ': it has no room'}.`;
  return `${renderTable(HEAD, [row(estimate, 'estimate')])}\n${room}\nNothing was begun.\n`;
}

function row(one: Omit<Restored, 'state' | 'job'>, state: string): readonly string[] {
  return [
    ...[one.name, one.stream, state, String(one.units), String(one.events), showBytes(one.bytes)],
    ...[one.oldest_day ?? '-', one.newest_day ?? '-', one.expires_at.slice(0, 19)],
  ];
}
