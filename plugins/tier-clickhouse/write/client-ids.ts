import { parseBlockId, type Block, type EventPlace } from '#event-model';
import type { TierBatch } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { BlockFiles, FILE_COLUMNS } from './block-files.js';

/** How a key `id` can be spelled in JSON: plainly, or with either letter escaped. */
const SPELLINGS = ['"id"', '\\u0069', '\\u0064'];

interface IdRow {
  readonly b: string;
  readonly row: number;
  readonly id: string;
}

/** Rows whose event has a client id. Blocks without a sign of one are not looked at by the engine. */
export async function readClientIds(
  engine: Engine,
  scratch: string,
  batch: TierBatch,
): Promise<readonly (EventPlace & { readonly id: string })[]> {
  const blocks = batch.blocks.filter(mayHaveIds);
  if (blocks.length === 0) return [];
  const files = await BlockFiles.write(scratch, `${batch.token}-ids`, blocks);
  try {
    const id = "JSONExtract(line, 'Tuple(id Nullable(String))').1";
    const columns = `lower(substring(_file, 1, 32)) AS b, ${FILE_COLUMNS.row} AS row, ifNull(${id}, '') AS id`;
    const where = "id != '' AND JSONType(line) = 'Object'";
    const statement = `SELECT b, row, id FROM (SELECT line, ${columns} FROM ${files.table}) WHERE ${where} ORDER BY b, row`;
    const result = await engine.run(`${statement} SETTINGS max_threads = 1`, { lane: 'write' });
    return result.rows<IdRow>().flatMap(toPlace);
  } finally {
    await files.remove();
  }
}

function mayHaveIds({ body }: Block): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return SPELLINGS.some((spelling) => bytes.includes(spelling));
}

function toPlace({ b, row, id }: IdRow): (EventPlace & { id: string })[] {
  const block = parseBlockId(b);
  return block ? [{ block, row, id }] : [];
}
