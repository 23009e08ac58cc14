import type { BlockId, RollUpDeclaration } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { Engine } from './engine/engine.js';
import { tableNames } from './schema/names.js';
import { grainOf, rollUpSelect, rollUpTable } from './schema/roll-up-table.js';
import { blockLiteral } from './write/present.js';

interface DayCount {
  readonly day: number;
  readonly events: string;
}

/** Days that the blocks' stored rows are in. */
export async function daysOfBlocks(
  engine: Engine,
  stream: StreamSpec,
  blocks: readonly BlockId[],
): Promise<readonly number[]> {
  if (blocks.length === 0) return [];
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const where = `block IN (${blocks.map(blockLiteral).join(', ')})`;
  const result = await engine.run(
    `SELECT DISTINCT toYYYYMMDD(timestamp) AS day FROM ${table} WHERE ${where} ORDER BY day`,
    { lane: 'write' },
  );
  return result.rows<{ day: number }>().map((row) => row.day);
}

/** Days whose roll-ups don't add up to the events; answered from the parts' day and the roll-up's few rows. */
export async function wrongDays(engine: Engine, stream: StreamSpec): Promise<readonly number[]> {
  const names = tableNames(stream.tenant, stream.name);
  const events = await countDays(engine, names.stream, '_partition_value.1', 'count()');
  const wrong = new Set<number>();
  for (const rollUp of stream.eventType.rollUps) {
    const rolled = await countDays(
      engine,
      names.rollUp(rollUp.name),
      `toYYYYMMDD(${grainOf(rollUp).column})`,
      'sum(events)',
    );
    for (const day of new Set([...events.keys(), ...rolled.keys()]))
      if (events.get(day) !== rolled.get(day)) wrong.add(day);
  }
  return [...wrong].sort((a, b) => a - b);
}

/** Makes one day's roll-ups again: into a scratch table, then in one step in place of the old ones. */
export async function rebuildDay(engine: Engine, stream: StreamSpec, day: number): Promise<void> {
  for (const rollUp of stream.eventType.rollUps) await rebuild(engine, stream, rollUp, day);
}

async function rebuild(
  engine: Engine,
  stream: StreamSpec,
  rollUp: RollUpDeclaration,
  day: number,
): Promise<void> {
  const names = tableNames(stream.tenant, stream.name);
  const scratch = names.scratchRollUp(rollUp.name);
  const where = `WHERE toYYYYMMDD(timestamp) = ${Number(day)}`;
  for (const statement of [
    `DROP TABLE IF EXISTS ${scratch}`,
    rollUpTable(scratch, rollUp),
    `INSERT INTO ${scratch} ${rollUpSelect(rollUp, names.stream, where)} SETTINGS async_insert = 0`,
    `ALTER TABLE ${names.rollUp(rollUp.name)} REPLACE PARTITION ${Number(day)} FROM ${scratch} SETTINGS allow_replace_partition_from_empty_source = 1`,
    `DROP TABLE ${scratch}`,
  ])
    await engine.run(statement, { lane: 'write' });
}

async function countDays(
  engine: Engine,
  table: string,
  day: string,
  count: string,
): Promise<Map<number, number>> {
  const result = await engine.run(`SELECT ${day} AS day, ${count} AS events FROM ${table} GROUP BY day`, {
    lane: 'read',
  });
  return new Map(result.rows<DayCount>().map((row) => [row.day, Number(row.events)]));
}
