import type { Parameters } from '../engine/engine.js';
import { quoteName } from '../schema/names.js';

/** The place of a table in a statement, as `tableNames` writes it. Clients' texts are bound, so nothing else looks like one. */
const TABLE = /(`tenant_[^`]+`)\.`(stream\.|roll_up\.|quarantine`)/g;
/** A virtual column that only tables with parts have; the day is the beginning of the partition's id too. */
const DAY = /\b_partition_value\.1\b/g;
const PARTS = /\bFROM system\.parts\b/;

/** A question to one server, as a question to all shards: about the same tables by their `Distributed` ones. */
export function overShards(statement: string, { database }: Parameters = {}): string {
  const asked = statement
    .replaceAll(TABLE, '$1.`distributed_$2')
    .replaceAll(DAY, "toUInt32(splitByChar('-', _partition_id)[1])");
  return typeof database === 'string'
    ? asked.replace(PARTS, `FROM ${quoteName(database)}.${quoteName('distributed_parts')}`)
    : asked;
}
