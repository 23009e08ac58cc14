import { TierError, type StreamPart } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { rebuildDay } from '../roll-ups.js';
import { quoteName, quoteText, tableNames } from '../schema/names.js';
import { selectIdentities, type Tables } from './copy-statements.js';
import { catchUp, copyOf } from './fill-copy.js';
import { inPartition, partitionId, partOfId } from './part.js';

export interface SwapContext {
  readonly engine: Engine;
  readonly reach: (faultPoint: string) => void;
}

/**
 * Puts a copy in its partition's place. From its renaming on it says by its name that it counts: whatever ends the process
 * then, {@link finishSwaps} does the rest before anybody reads. It is dropped when the roll-ups are right too.
 */
export async function swapPart({ engine, reach }: SwapContext, part: StreamPart): Promise<void> {
  const { stream } = part;
  const names = tableNames(stream.tenant, stream.name);
  const partition = partitionId(part);
  await catchUp(engine, copyOf(part), partition, 'write');
  await requireWhole(engine, copyOf(part), partition);
  reach('tier.rewrite-whole');
  await engine.run(`RENAME TABLE ${names.rewrite} TO ${names.swap}`, { lane: 'write' });
  reach('tier.rewrite-renamed');
  await engine.run(replacePartition(names.stream, names.swap, partition), { lane: 'write' });
  reach('tier.rewrite-replaced');
  await rebuildDay(engine, stream, part.day);
  reach('tier.rewrite-rolled-up');
  await engine.run(`DROP TABLE ${names.swap}`, { lane: 'write' });
}

/**
 * Puts a copy that an earlier call left in its partition's place, again where that was done: rows that came since are
 * copied first, so none is lost however often it is done. A stream gets new columns only behind that: a copy without them
 * has had its turn, and the engine would refuse it for good.
 *
 * @returns the days whose roll-ups are to be made again before the copy is dropped
 */
export async function replaceLeft(engine: Engine, tables: Tables): Promise<readonly number[]> {
  const found = await engine.run(`SELECT DISTINCT _partition_id AS part FROM ${tables.copy}`, {
    lane: 'write',
  });
  const partitions = found.rows<{ part: string }>().map(({ part }) => part);
  const isOfNow = (await columnsText(engine, tables.copy)) === (await columnsText(engine, tables.stream));
  for (const partition of isOfNow ? partitions : []) {
    await catchUp(engine, tables, partition, 'write');
    await engine.run(replacePartition(tables.stream, tables.copy, partition), { lane: 'write' });
  }
  return partitions.map((partition) => partOfId(partition).day);
}

const LEFT =
  "SELECT database, name FROM system.tables WHERE startsWith(database, 'tenant_') AND (startsWith(name, 'swap.') OR startsWith(name, 'rewrite.') OR startsWith(name, 'rewrite_read.'))";

/** At the start, before anybody reads: puts copies that count in their places, and drops those that were never finished. */
export async function finishSwaps(engine: Engine): Promise<void> {
  const left = await engine.run(LEFT, { lane: 'write' });
  for (const { database, name } of left.rows<{ database: string; name: string }>()) {
    const table = (of: string): string => `${quoteName(database)}.${quoteName(of)}`;
    if (!name.startsWith('swap.')) await engine.run(`DROP TABLE ${table(name)}`, { lane: 'write' });
    else {
      const stream = table(`stream.${name.slice('swap.'.length)}`);
      await replaceLeft(engine, { stream, copy: table(name) });
    }
  }
}

/** The copy must have each row of the partition once, and no other. */
async function requireWhole(engine: Engine, { stream, copy }: Tables, partition: string): Promise<void> {
  const [inPart, inCopy] = await Promise.all(
    [selectIdentities(stream, inPartition(partition)), selectIdentities(copy)].map((statement) =>
      engine.run(statement, { lane: 'write' }),
    ),
  );
  const [a, b] = [inPart, inCopy].map((result) => result?.rows<{ n: string; h: string }>()[0]);
  if (a && b && a.n === b.n && a.h === b.h) return;
  throw new TierError(
    'unavailable',
    `The copy of ${partition} has ${b?.n} rows and the part ${a?.n}: it is begun again.`,
  );
}

/** The names and types of a table's columns, in their order. */
async function columnsText(engine: Engine, table: string): Promise<string> {
  const columns = await engine.run(`DESCRIBE TABLE ${table}`, { lane: 'write' });
  return JSON.stringify(columns.rows<{ name: string; type: string }>().map(({ name, type }) => [name, type]));
}

/** One step, for whoever reads. */
export function replacePartition(stream: string, copy: string, partition: string): string {
  return `ALTER TABLE ${stream} REPLACE PARTITION ID ${quoteText(partition)} FROM ${copy}`;
}
