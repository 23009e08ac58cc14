import { parseBlockId, type BlockId } from '#event-model';
import type { QuarantinedRow, RewriteReport, StreamPart, StreamSpec } from '#plugin-kit';
import type { Engine, Lane } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';
import type { Source } from '../schema/step.js';
import * as statements from './copy-statements.js';
import type { Tables } from './copy-statements.js';
import { partitionId } from './part.js';

/** Blocks that one statement names. */
const BLOCKS_AT_ONCE = 200;

interface KeptRow {
  readonly b: string;
  readonly row: number;
  readonly why: string;
}

/** Makes an empty table like the stream's, without its views, and one in memory for rows that were read. */
export async function beginCopy(engine: Engine, { stream }: StreamPart): Promise<void> {
  const names = tableNames(stream.tenant, stream.name);
  await dropCopy(engine, stream);
  await engine.run(`CREATE TABLE ${names.rewrite} AS ${names.stream}`, { lane: 'read' });
  await engine.run(`CREATE TABLE ${names.rewriteRead} AS ${names.parsed} ENGINE = Memory`, { lane: 'read' });
}

/** Drops a copy that does not count yet, where there is one. */
export async function dropCopy(engine: Engine, { tenant, name }: StreamSpec): Promise<void> {
  const { rewrite, rewriteRead } = tableNames(tenant, name);
  for (const table of [rewrite, rewriteRead])
    await engine.run(`DROP TABLE IF EXISTS ${table}`, { lane: 'read' });
}

/** Fills in blocks: `rows`, if any, as they are read now, where they are taken, all others as they are. */
export async function fillCopy(
  engine: Engine,
  part: StreamPart,
  ...[blocks, rows]: [blocks: readonly BlockId[], rows: Source | undefined]
): Promise<RewriteReport> {
  const tables = copyOf(part);
  const kept = rows ? await read(engine, part, blocks, rows) : [];
  const partition = partitionId(part);
  await engine.run(statements.copyMissing(tables, partition, blocks), { lane: 'read' });
  const { n: changed } = await one<{ n: string }>(engine, statements.countChanged(tables, partition, blocks));
  return { changed: Number(changed), kept };
}

/** Copies rows that came since; returns the number of their blocks. */
export async function catchUp(
  engine: Engine,
  tables: Tables,
  ...[partition, lane]: [partition: string, lane: Lane]
): Promise<number> {
  const found = await engine.run(statements.selectLacking(tables, partition), { lane });
  const blocks = found.rows<{ b: string }>().flatMap(({ b }) => parseBlockId(b) ?? []);
  for (let n = 0; n < blocks.length; n += BLOCKS_AT_ONCE) {
    const some = blocks.slice(n, n + BLOCKS_AT_ONCE);
    await engine.run(statements.copyMissing(tables, partition, some), { lane });
  }
  return blocks.length;
}

/** The stream's table and its copy that is being filled. */
export function copyOf({ stream }: StreamPart): Tables {
  const names = tableNames(stream.tenant, stream.name);
  return { stream: names.stream, copy: names.rewrite };
}

/** Puts what is taken of the rows into the copy, and says what isn't. */
async function read(
  engine: Engine,
  part: StreamPart,
  ...[blocks, rows]: [blocks: readonly BlockId[], rows: Source]
): Promise<readonly QuarantinedRow[]> {
  const { rewriteRead } = tableNames(part.stream.tenant, part.stream.name);
  await engine.run(`TRUNCATE TABLE ${rewriteRead}`, { lane: 'read' });
  await engine.run(statements.insertRead(part, rows), { lane: 'read', session: rows.session });
  await engine.run(statements.insertTaken(part, blocks), { lane: 'read' });
  const result = await engine.run(statements.selectKept(part), { lane: 'read' });
  return result.rows<KeptRow>().flatMap(({ b, row, why: reason }) => {
    const block = parseBlockId(b);
    return block ? [{ block, row, reason }] : [];
  });
}

async function one<T>(engine: Engine, statement: string): Promise<T> {
  const [row] = (await engine.run(statement, { lane: 'read' })).rows<T>();
  return row as T;
}
