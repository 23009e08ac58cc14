import { createHash } from 'node:crypto';
import type { StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { databaseName, quoteName, quoteText, tableNames } from '../schema/names.js';
import { layoutOf } from '../schema/tables.js';

/** What is asked of parts; other versions of a server have other columns besides. */
const PARTS_COLUMNS =
  'database String, table String, partition_id String, active UInt8, rows UInt64, data_uncompressed_bytes UInt64';

/**
 * The statements that make the tables by which a stream is read from all shards; each may be run again. That of the stream is
 * made last, and its comment says which tables it was made over.
 */
export function renderDistributed(stream: StreamSpec, cluster: string): string[] {
  const names = tableNames(stream.tenant, stream.name);
  const database = databaseName(stream.tenant);
  const over = (table: string, source: string, [of, name]: [of: string, name: string]): string =>
    `CREATE OR REPLACE TABLE ${table} AS ${source} ENGINE = Distributed(${[cluster, of, name].map(quoteText).join(', ')})`;
  return [
    `CREATE OR REPLACE TABLE ${names.distributedParts} (${PARTS_COLUMNS}) ENGINE = Distributed(${quoteText(cluster)}, 'system', 'parts')`,
    over(names.distributedQuarantine, names.quarantine, [database, 'quarantine']),
    over(names.eventsDistributed, names.events, [database, 'events']),
    ...stream.eventType.rollUps.map(({ name }) =>
      over(names.distributedRollUp(name), names.rollUp(name), [database, `roll_up.${stream.name}.${name}`]),
    ),
    `${over(names.distributedStream, names.stream, [database, `stream.${stream.name}`])} COMMENT ${quoteText(distributedLayout(stream, cluster))}`,
  ];
}

/**
 * Makes them on a server whose own tables, and those of all other shards, are as the stream's type declares. `asksOnly`: those that
 * are there are left as they are.
 */
export async function prepareDistributed(
  { engine, asksOnly = false }: { readonly engine: Engine; readonly asksOnly?: boolean },
  stream: StreamSpec,
  cluster: string,
): Promise<void> {
  const where = `database = ${quoteText(databaseName(stream.tenant))} AND name = ${quoteText(`distributed_stream.${stream.name}`)}`;
  const found = await engine.run(`SELECT comment FROM system.tables WHERE ${where}`, { lane: 'write' });
  const [table] = found.rows<{ comment: string }>();
  if (table && (asksOnly || table.comment === distributedLayout(stream, cluster))) return;
  for (const statement of renderDistributed(stream, cluster)) await engine.run(statement, { lane: 'write' });
}

/** What tells tables over this layout and cluster from all others. */
function distributedLayout(stream: StreamSpec, cluster: string): string {
  const of = `${layoutOf(stream)} ${quoteName(cluster)}`;
  return `layout ${createHash('sha256').update(of).digest('hex').slice(0, 32)}`;
}
