import type { TableTtl } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { databaseName, quoteText } from '../schema/names.js';

/** Names of columns and texts, in which the word may stand too. */
const QUOTED = /`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'/g;
const TTL = /\bTTL\b[^,]*?(?=,|\n| SETTINGS\b|$)/;
const MOST_CHARACTERS = 200;
const TABLE = /^stream\.(.+)$/;

interface TableRow {
  readonly name: string;
  readonly made: string;
}

/** TTLs of tables and of their columns, as the engine has them now. */
export async function tableTtls(engine: Engine, tenant: string): Promise<readonly TableTtl[]> {
  const statement = `SELECT name, create_table_query AS made FROM system.tables WHERE database = ${quoteText(databaseName(tenant))} AND startsWith(name, 'stream.') AND position(create_table_query, 'TTL') > 0`;
  const rows = (await engine.run(statement, { lane: 'read' })).rows<TableRow>();
  return rows.flatMap(({ name, made }) => {
    const stream = TABLE.exec(name)?.[1];
    const [ttl] = TTL.exec(made.replace(QUOTED, '…')) ?? [];
    return stream !== undefined && ttl !== undefined
      ? [{ stream, ttl: ttl.trim().slice(0, MOST_CHARACTERS) }]
      : [];
  });
}
