import { showBytes, showCounted } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { renderTable } from '../../output/table.js';

interface Figures {
  readonly units: number;
  readonly events: number;
  readonly bytes: number;
}

/** What was deleted out of archives, as the API shows it. */
export interface Trash extends Figures {
  readonly days: readonly {
    readonly stream: string;
    readonly day: string;
    readonly generation: number;
    readonly events: number;
    readonly bytes: number;
    readonly plan: string;
    readonly deleted_at: string;
    readonly gone_at: string;
  }[];
  readonly locked?: readonly { readonly stream: string; readonly day: string; readonly why: string }[];
}

export interface Undeleted extends Figures {
  readonly stream: string;
  readonly oldest_day?: string;
  readonly newest_day?: string;
}

export interface EmptiedTrash extends Figures {
  readonly job: string;
}

const HEAD = ['STREAM', 'DAY', 'EVENTS', 'BYTES', 'DELETED AT', 'GONE AT', 'BY PLAN'] as const;

/** A line for each day, how many there are besides, and what the store keeps. */
export function describeTrash({ days, locked = [], ...all }: Trash): string {
  const rows = days.map(({ stream, day, generation, events, bytes, plan, deleted_at: at, gone_at: gone }) => [
    ...[stream, generation === 0 ? day : `${day} late ${generation}`, String(events), showBytes(bytes)],
    ...[at.slice(0, 19), gone.slice(0, 19), plan],
  ]);
  const more = all.units - days.length;
  const kept = locked.map(
    ({ stream, day, why }) =>
      `Kept by its store: ${printable(stream)} ${printable(day)}: ${printable(why)}\n`,
  );
  return `${renderTable(HEAD, rows)}${more > 0 ? `and ${showCounted(more, 'day')} more\n` : ''}${kept.join('')}`;
}

/** What came back, and what becomes of it. */
export function describeUndeleted(back: Undeleted): string {
  const { stream, oldest_day: oldest = '-', newest_day: newest = '-' } = back;
  return `${sumOf(back)} of ${printable(stream)} are back, from ${printable(oldest)} to ${printable(newest)}. What its policy does not keep is deleted again by the next run: change the policy, or hold the time.\n`;
}

/** What goes. */
export function describeEmptied(gone: EmptiedTrash): string {
  return `${sumOf(gone)} go for good, but what a hold keeps: job ${printable(gone.job)}.\n`;
}

function sumOf({ units, events, bytes }: Figures): string {
  return `${showCounted(units, 'day')} with ${showCounted(events, 'event')} (${showBytes(bytes)})`;
}
