import { TierError, type StreamPart } from '#plugin-kit';
import type { BlockId } from '#event-model';
import type { Engine } from '../engine/engine.js';
import { inPartition, partitionId } from '../rewrite/part.js';
import { quoteText, tableNames } from '../schema/names.js';
import { upTo } from './up-to.js';

interface Counts {
  readonly all: string;
  readonly counted: string;
}

/**
 * Drops the partition where every event of it is to go; rewrites its parts without them where later ones are among them,
 * which the engine goes on with after a restart.
 */
export async function removeUnit(engine: Engine, part: StreamPart, through: BlockId): Promise<void> {
  const partition = partitionId(part);
  const { stream: table } = tableNames(part.stream.tenant, part.stream.name);
  const { all, counted } = await countBoth(engine, table, { partition, through });
  if (counted === 0) return;
  const statement =
    counted === all
      ? dropStatement(table, partition)
      : `ALTER TABLE ${table} DELETE IN PARTITION ID ${quoteText(partition)} WHERE 1${upTo(through)} SETTINGS mutations_sync = 1`;
  await engine.run(statement, { lane: 'write' });
  const left = (await countBoth(engine, table, { partition, through })).counted;
  if (left === 0) return;
  throw new TierError('unavailable', `${left} events of ${partition} are there still; it is tried again.`);
}

/** Drops the partition, whatever it has. */
export async function dropPartition(engine: Engine, part: StreamPart): Promise<void> {
  const { stream: table } = tableNames(part.stream.tenant, part.stream.name);
  await engine.run(dropStatement(table, partitionId(part)), { lane: 'write' });
}

function dropStatement(table: string, partition: string): string {
  return `ALTER TABLE ${table} DROP PARTITION ID ${quoteText(partition)}`;
}

async function countBoth(
  engine: Engine,
  table: string,
  { partition, through }: { readonly partition: string; readonly through: BlockId },
): Promise<{ all: number; counted: number }> {
  const statement = `SELECT count() AS all, countIf(1${upTo(through)}) AS counted FROM ${table} WHERE ${inPartition(partition)}`;
  const [row] = (await engine.run(statement, { lane: 'write' })).rows<Counts>();
  return { all: Number(row?.all ?? 0), counted: Number(row?.counted ?? 0) };
}
