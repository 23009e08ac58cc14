import type { BlocksQuery, ScanPiece } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { blockLiteral } from '../write/present.js';
import { BoundValues, readOnly } from './bound-values.js';
import { renderFilter } from './filter-sql.js';
import { rowsOrNone } from './rows-or-none.js';
import { exactLines } from './scan-exact.js';
import { lineSql } from './scan-line.js';
import { SCAN_NICE, STATEMENT_BYTES } from './scan-settings.js';
import { isUnwritten } from './written-streams.js';
import { renderPlaceOf } from './event-place.js';

/** Most rows of one piece: a reader that is slow is noticed soon. */
const PIECE_ROWS = 512;

/** The events of some blocks that fit, in the order of their acceptance; a bloom filter on `block` finds them. */
export async function* readBlocks(
  engine: Engine,
  query: BlocksQuery,
  signal?: AbortSignal,
): AsyncGenerator<ScanPiece> {
  const values = new BoundValues();
  const source = sourceSql(query, values);
  const statement = `SELECT ${lineSql(query.stream)} AS line ${source} ORDER BY block, row SETTINGS ${SETTINGS.join(', ')}`;
  const options = { timeoutMs: query.timeoutMs, parameters: values.parameters, ...(signal && { signal }) };
  try {
    for await (const { bytes, rows } of engine.stream(statement, options))
      yield { lines: exactLines(bytes), count: rows };
  } catch (error) {
    if (!isUnwritten(error)) throw error;
  }
}

/** How many events of some blocks fit. */
export async function countBlocks(engine: Engine, query: BlocksQuery, signal?: AbortSignal): Promise<number> {
  const values = new BoundValues();
  const source = sourceSql(query, values);
  const limits = [readOnly(values), ...GENTLE, `max_execution_time = ${query.timeoutMs / 1_000}`];
  const statement = `SELECT count() AS _n ${source} SETTINGS ${limits.join(', ')}`;
  const options = { lane: 'read' as const, parameters: values.parameters, ...(signal && { signal }) };
  const [row] = await rowsOrNone<{ _n: string }>(engine.run(statement, options));
  return Number(row?._n ?? 0);
}

const GENTLE: readonly string[] = [
  'max_threads = 1',
  `max_memory_usage = ${STATEMENT_BYTES}`,
  `os_threads_nice_value_query = ${SCAN_NICE}`,
];
const SETTINGS: readonly string[] = [
  ...GENTLE,
  `max_block_size = ${PIECE_ROWS}`,
  'output_format_json_escape_forward_slashes = 0',
];

function sourceSql({ stream, blocks, filter }: BlocksQuery, values: BoundValues): string {
  const place = renderPlaceOf(stream, stream.archived ?? [], values);
  const ids = blocks.map(blockLiteral).join(', ');
  return `FROM ${place} WHERE block IN (${ids}) AND ${renderFilter(filter, stream, values)}`;
}
