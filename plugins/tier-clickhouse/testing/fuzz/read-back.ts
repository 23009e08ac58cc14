import { parseTime, type BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { tableNames } from '../../schema/names.js';
import { eventColumns, sentEvent, toStoredEvent, type EventRow } from '../../search/stored-event.js';
import { blockLiteral } from '../../write/present.js';
import type { TierUnderTest } from '../open-tier.js';
import type { Outcome } from './verdict.js';

/** What became of each row of a block: as `find` would show it one by one, in two statements for all. */
export async function readBack(
  { tier, engine }: TierUnderTest,
  stream: StreamSpec,
  block: BlockId,
): Promise<ReadonlyMap<number, Outcome>> {
  const outcomes = new Map<number, Outcome>();
  const table = tableNames(stream.tenant, stream.name).stream;
  const statement = `SELECT ${eventColumns(stream)} FROM ${table} WHERE block = ${blockLiteral(block)}`;
  for (const row of (await engine.run(statement, { lane: 'read' })).rows<EventRow>()) {
    const timestamp = parseTime(toStoredEvent(stream, row).timestamp) ?? 0n;
    // As JSON, as a client gets it.
    const original = JSON.parse(JSON.stringify(sentEvent(stream, row))) as unknown;
    outcomes.set(row.row, { kind: 'stored', original, timestamp });
  }
  const [present] = await tier.present(stream, [block]);
  for (const { row, reason } of present?.quarantined ?? []) outcomes.set(row, { kind: 'refused', reason });
  return outcomes;
}

/** Rows in the stream's table, its quarantine and its roll-ups. */
export async function storedRows(
  { tier, engine }: TierUnderTest,
  stream: StreamSpec,
): Promise<Readonly<Record<string, number>>> {
  const names = tableNames(stream.tenant, stream.name);
  const counts: Record<string, number> = { table: await tier.count(stream) };
  const quarantined = await tier.countQuarantine(stream.tenant);
  counts['quarantine'] = quarantined
    .filter((count) => count.stream === stream.name)
    .reduce((sum, { events }) => sum + events, 0);
  for (const { name } of stream.eventType.rollUps) {
    const sum = await engine.run(`SELECT sum(events) AS n FROM ${names.rollUp(name)}`, { lane: 'read' });
    counts[name] = Number(sum.rows<{ n: string }>()[0]?.n);
  }
  return counts;
}
