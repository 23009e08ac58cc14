import { parseBlockId, parseTime, type BlockId } from '#event-model';
import type { CountedUnit, SourceMinuteCount, StoredUnit, StreamPart, StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { inPartition, partitionId, partOfId } from '../rewrite/part.js';
import { sizesOf } from '../rewrite/stored-parts.js';
import { tableNames } from '../schema/names.js';
import { BY_MINUTE, toCount, type MinuteRow } from '../write/count.js';
import { upTo } from './up-to.js';

/** Leaves room for searches and acknowledgements. */
const GENTLE = 'SETTINGS max_threads = 1, os_threads_nice_value_query = 10';

interface UnitRow {
  readonly part: string;
  readonly events: string;
  readonly oldest: string;
  readonly newest: string;
}
interface CountedRow {
  readonly events: string;
  readonly received: string;
  readonly through: string;
  readonly identities: string;
}

/** The stream's units; answered from the headers of their parts. */
export async function storedUnits(engine: Engine, stream: StreamSpec): Promise<readonly StoredUnit[]> {
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const statement = `SELECT _partition_id AS part, count() AS events, min(timestamp) AS oldest, max(timestamp) AS newest FROM ${table} GROUP BY part ${GENTLE}`;
  const rows = (await engine.run(statement, { lane: 'read' })).rows<UnitRow>();
  const sizes = await sizesOf(engine, stream);
  return rows
    .map(({ part, events, oldest, newest }) => ({
      ...partOfId(part),
      events: Number(events),
      diskBytes: sizes.get(part)?.bytes ?? 0,
      oldest: nanoseconds(oldest),
      newest: nanoseconds(newest),
    }))
    .sort((a, b) => a.day - b.day || a.generation - b.generation);
}

/** Counts the unit's events up to a block, or all. */
export async function countUnit(
  engine: Engine,
  part: StreamPart,
  through?: BlockId,
): Promise<CountedUnit | undefined> {
  const columns =
    'count() AS events, max(received_at) AS received, lower(hex(max(block))) AS through, toString(sum(cityHash64(block, row))) AS identities';
  const statement = `SELECT ${columns} FROM ${tableOf(part)} WHERE ${inPartition(partitionId(part))}${upTo(through)} ${GENTLE}`;
  const [row] = (await engine.run(statement, { lane: 'read' })).rows<CountedRow>();
  const last = parseBlockId(row?.through ?? '');
  if (!row || !last || Number(row.events) === 0) return undefined;
  const { day, generation } = part;
  return {
    ...{ day, generation, through: last, identities: row.identities },
    events: Number(row.events),
    lastReceivedAt: nanoseconds(row.received),
  };
}

/** The counted events by source and minute of acceptance. */
export async function countUnitByMinute(
  engine: Engine,
  part: StreamPart,
  through: BlockId,
): Promise<readonly SourceMinuteCount[]> {
  const statement = `SELECT ${BY_MINUTE} FROM ${tableOf(part)} WHERE ${inPartition(partitionId(part))}${upTo(through)} GROUP BY source, minute ${GENTLE}`;
  return (await engine.run(statement, { lane: 'read' })).rows<MinuteRow>().map(toCount);
}

function tableOf({ stream }: StreamPart): string {
  return tableNames(stream.tenant, stream.name).stream;
}

/** A time as the engine writes it, in UTC. */
function nanoseconds(text: string): bigint {
  return parseTime(`${text.replace(' ', 'T')}Z`) ?? 0n;
}
