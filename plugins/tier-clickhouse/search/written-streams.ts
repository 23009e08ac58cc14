import type { StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { engineCode, UNKNOWN_DATABASE, UNKNOWN_TABLE } from '../engine/error-codes.js';
import { databaseName } from '../schema/names.js';

/** Whether a statement failed because a stream has no table yet. */
export function isUnwritten(error: unknown): boolean {
  return [UNKNOWN_TABLE, UNKNOWN_DATABASE].includes(engineCode(error));
}

/** Those of a tenant's streams that have a table. */
export async function writtenStreams(
  engine: Engine,
  streams: readonly StreamSpec[],
): Promise<readonly StreamSpec[]> {
  const [first] = streams;
  if (!first) return [];
  const parameters = { database: databaseName(first.tenant) };
  const statement = 'SELECT name FROM system.tables WHERE database = {database:String}';
  const result = await engine.run(statement, { lane: 'read', parameters });
  const tables = new Set(result.rows<{ name: string }>().map(({ name }) => name));
  return streams.filter(({ name }) => tables.has(`stream.${name}`));
}
