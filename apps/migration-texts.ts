import type { ArchivedStream, AwaitedUnit } from '#archived-units';
import type { MigrationRecord } from '#migration';
import { showBytes, showCount, showCounted } from './cli/output/figures.js';
import { renderTable } from './cli/output/table.js';
import type { Survey } from './worker/migration/survey.js';

/** Events a second that are exported, compared and put on two busy cores: measured by `npm run bench:migrate`. */
const EVENTS_PER_SECOND = 40_000;
const SECONDS_A_UNIT = 0.5;

/** What a move would be about. */
export function surveyText(survey: Survey, leaveQuarantine: boolean): string {
  const rows = survey.streams
    .filter(({ units }) => units.length > 0)
    .map(({ stream, units }) => [
      `${stream.tenant}/${stream.name}`,
      showCount(units.length),
      showCount(units.reduce((sum, { events }) => sum + events, 0)),
      String(units.at(-1)?.day ?? ''),
      String(units[0]?.day ?? ''),
    ]);
  const seconds = Math.ceil(survey.events / EVENTS_PER_SECOND + survey.units * SECONDS_A_UNIT);
  return [
    ...(rows.length > 0 ? [renderTable(['stream', 'days', 'events', 'from', 'to'], rows)] : []),
    `To be moved: ${showCounted(survey.records.size, 'stream')}, ${showCounted(survey.units, 'day')} of tables with ${showCounted(survey.events, 'event')}, ${showBytes(survey.diskBytes)} there.`,
    `Moving history takes about ${showCounted(seconds, 'second')}, while the new appliance takes events; until the switch it is seconds.`,
    ...(survey.restored.length > 0
      ? [
          `Copies of archives that stay behind, to be restored again where they are wanted: ${survey.restored.join(', ')}.`,
        ]
      : []),
    ...(survey.quarantined > 0
      ? [
          leaveQuarantine
            ? `Refused events in quarantine, which stay behind in the old directory: ${showCount(survey.quarantined)}.`
            : `Refused events in quarantine, which come along before the switch (it waits until the minute of the newest is over): ${showCount(survey.quarantined)}.`,
        ]
      : []),
    '',
  ].join('\n');
}

export const SWITCHED = `The catalogue is copied. Start the new appliance now: it takes events, and goes on with keys, streams and settings.
History follows; whoever asks about a day that is not there yet is answered 503 history_on_its_way.
`;

/** A unit that has arrived. */
export function arrivedText(
  { tenant, stream }: ArchivedStream,
  { day, generation, events }: AwaitedUnit,
): string {
  return `${tenant}/${stream} ${day}-${generation}: ${showCounted(events, 'event')}, the same in the table, in the file and as read back.\n`;
}

/** How far a move is. */
export function statusText(record: MigrationRecord | undefined, awaited: readonly AwaitedUnit[]): string {
  if (!record) return 'Nothing was moved into this appliance.\n';
  const left = awaited.reduce((sum, { events }) => sum + events, 0);
  const there = `${showCount(record.units - awaited.length)} of ${showCounted(record.units, 'day')}, ${showCount(record.events - left)} of ${showCounted(record.events, 'event')} are there${(record.refused ?? 0) > 0 ? `, and ${showCounted(record.refused ?? 0, 'refused event')}` : ''}`;
  switch (record.phase) {
    case 'catalogue':
      return `The catalogue is being copied since ${record.began_at}. Nothing may start on it yet; call start again where that was broken off.\n`;
    case 'history':
      return `History is being moved since ${record.switched_at}: ${there}. Call start again where that was broken off.\n`;
    case 'moved':
      return `All is moved since ${record.moved_at}: ${there}. Look at it, then confirm or back out.\n`;
    case 'confirmed':
      return `Moved and confirmed at ${record.ended_at}: ${there}.\n`;
    case 'backed_out':
      return `Backed out at ${record.ended_at}: the old data directory is in use again.\n`;
  }
}
