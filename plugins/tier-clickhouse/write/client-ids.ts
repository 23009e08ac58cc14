import { parseBlockId, type Block } from '#event-model';
import type { IdentifiedEvent, TierBatch } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import type { Source } from '../schema/step.js';

/** How a key `id` can be spelled in JSON: plainly, or with either letter escaped. */
const SPELLINGS = ['"id"', '\\u0069', '\\u0064'];

interface IdRow {
  readonly b: string;
  readonly row: number;
  readonly id: string;
}

/** Those of the batch's rows whose event has a client id. Without a sign of one in its blocks the engine isn't asked. */
export async function readClientIds(
  engine: Engine,
  batch: TierBatch,
  rows: Source,
): Promise<readonly IdentifiedEvent[]> {
  if (!batch.blocks.some(mayHaveIds)) return [];
  const id = "JSONExtract(line, 'Tuple(id Nullable(String))').1";
  const columns = `lower(hex(block)) AS b, row, ifNull(${id}, '') AS id`;
  const where = "id != '' AND JSONType(line) = 'Object'";
  const statement = `SELECT b, row, id FROM (SELECT line, ${columns} FROM ${rows.table}) WHERE ${where} ORDER BY b, row`;
  const result = await engine.run(`${statement} SETTINGS max_threads = 1`, {
    lane: 'write',
    session: rows.session,
  });
  return result.rows<IdRow>().flatMap(toEvent);
}

function mayHaveIds({ body }: Block): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return SPELLINGS.some((spelling) => bytes.includes(spelling));
}

function toEvent({ b, row, id }: IdRow): IdentifiedEvent[] {
  const block = parseBlockId(b);
  return block ? [{ block, row, id }] : [];
}
