import type { StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { databaseName, quoteName, quoteText, tableNames } from './names.js';

/** Names of a stream's tables, before its own name; roll-ups have theirs behind it. Views come first. */
const KINDS = [
  ...['parse', 'to_quarantine', 'to_stream', 'to_roll_up', 'entry', 'parsed'],
  ...[
    'rewrite_read',
    'rewrite',
    'swap',
    'scratch_roll_up',
    'distributed_roll_up',
    'distributed_stream',
    'roll_up',
    'stream',
  ],
];

interface TableRow {
  readonly name: string;
  readonly engine: string;
}

/** Drops every table of a stream, of whatever type it is; the way in first, and its events last. */
export async function removeStream(engine: Engine, { tenant, name }: StreamSpec): Promise<void> {
  const { database } = tableNames(tenant, name);
  const found = await engine.run(
    `SELECT name, engine FROM system.tables WHERE database = ${quoteText(databaseName(tenant))}`,
    { lane: 'write' },
  );
  const rows = found.rows<TableRow>();
  for (const kind of KINDS)
    for (const table of rows.filter((row) => isOf(row.name, kind, name))) {
      const what = table.engine === 'MaterializedView' ? 'VIEW' : 'TABLE';
      await engine.run(`DROP ${what} IF EXISTS ${database}.${quoteName(table.name)} SYNC`, { lane: 'write' });
    }
}

/** A dot can't be part of a stream's name. */
function isOf(table: string, kind: string, stream: string): boolean {
  const [first, second] = table.split('.');
  return first === kind && second === stream;
}
