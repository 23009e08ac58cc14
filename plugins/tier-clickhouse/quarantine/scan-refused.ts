import type { QuarantineFilter, ScanPiece } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';
import { BoundValues } from '../search/bound-values.js';
import { SCAN_NICE, STATEMENT_BYTES } from '../search/scan-settings.js';
import { isUnwritten } from '../search/written-streams.js';
import { renderRefusedWhere } from './refused-where.js';

/** Milliseconds of the engine's own work. */
const LONGEST_MS = 10 * 60_000;
/** Lines may have a mebibyte each. */
const PIECE_ROWS = 64;
const SETTINGS = [
  'max_threads = 1',
  `max_memory_usage = ${STATEMENT_BYTES}`,
  `max_block_size = ${PIECE_ROWS}`,
  'optimize_read_in_order = 1',
  'output_format_json_escape_forward_slashes = 0',
  `os_threads_nice_value_query = ${SCAN_NICE}`,
].join(', ');
const PARTS = [
  `'{"event_id":"'`,
  'lower(hex(block))',
  `'-'`,
  'toString(row)',
  `'","stream":'`,
  'toJSONString(stream)',
  `',"source":'`,
  'toJSONString(source)',
  `',"reason":'`,
  'toJSONString(reason)',
  `if(parser = '', '', concat(',"parser":', toJSONString(parser)))`,
  `',"received_at":"'`,
  `replaceOne(toString(received_at), ' ', 'T')`,
  `'Z"'`,
  `if(isValidUTF8(raw), concat(',"raw":', toJSONString(raw)), concat(',"raw_base64":"', base64Encode(raw), '"'))`,
  `'}'`,
];

/** Every refused event that fits as a line of JSON, in the order of the table, which is that of acceptance. */
export async function* scanRefused(
  engine: Engine,
  filter: QuarantineFilter,
  signal?: AbortSignal,
): AsyncGenerator<ScanPiece> {
  const values = new BoundValues();
  const where = renderRefusedWhere(filter, values);
  const { quarantine } = tableNames(filter.tenant, '');
  const statement = `SELECT concat(${PARTS.join(', ')}) AS line FROM ${quarantine} WHERE ${where} ORDER BY block, row SETTINGS ${SETTINGS}`;
  const options = { timeoutMs: LONGEST_MS, parameters: values.parameters, ...(signal && { signal }) };
  try {
    for await (const { bytes, rows } of engine.stream(statement, options))
      yield { lines: bytes, count: rows };
  } catch (error) {
    if (!isUnwritten(error)) throw error;
  }
}
