import { parseEventId, parseTime } from '#event-model';
import type { ScanPiece, EventPosition, AskedStream } from '#plugin-kit';
import type { TextPiece } from '../engine/engine.js';
import { blockLiteral } from '../write/present.js';
import { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import { momentOf } from './range-sql.js';
import { CARE, KEY_LENGTH, keySql, lineSql } from './scan-line.js';
import { READ_BYTES, SCAN_NICE, STATEMENT_BYTES } from './scan-settings.js';
import type { ScanScope } from './scan-scope.js';
import { renderPlace } from './event-place.js';

/** Rows of one stream in one window, behind a position. */
export interface Page {
  readonly stream: AskedStream;
  readonly from: bigint;
  readonly to: bigint;
  readonly after: EventPosition | undefined;
  /** Most rows. */
  readonly limit: number;
  /** Most rows of a piece. */
  readonly pieceRows: number;
  /** Whether each line has its key before it. */
  readonly withKeys: boolean;
}

/** Reads a page, sorted. */
export function readPage({ engine, query, signal }: ScanScope, page: Page): AsyncIterable<TextPiece> {
  const values = new BoundValues();
  const { stream, from, to } = page;
  const place = renderPlace(stream, { from, to }, values);
  const line = page.withKeys ? `concat(${keySql()}, ${lineSql(stream)})` : lineSql(stream);
  const behind = page.after ? ` AND ${behindSql(page.after, query.order, values)}` : '';
  const where = `${renderWhere({ ...query, from, to }, stream, values)}${behind}`;
  const direction = query.order === 'asc' ? 'ASC' : 'DESC';
  const order = ['timestamp', 'block', 'row'].map((column) => `${column} ${direction}`).join(', ');
  const settings = [
    'max_threads = 1',
    `max_read_buffer_size = ${READ_BYTES}`,
    `max_block_size = ${page.pieceRows}`,
    `max_memory_usage = ${STATEMENT_BYTES}`,
    `os_threads_nice_value_query = ${SCAN_NICE}`,
    'output_format_json_escape_forward_slashes = 0',
  ];
  const statement = `SELECT ${line} AS line FROM ${place} WHERE ${where} ORDER BY ${order} LIMIT ${page.limit} SETTINGS ${settings.join(', ')}`;
  const { timeoutMs } = query;
  return engine.stream(statement, { timeoutMs, parameters: values.parameters, ...(signal && { signal }) });
}

/** Whether a row comes behind the position. */
function behindSql(after: EventPosition, order: 'asc' | 'desc', values: BoundValues): string {
  const sign = order === 'asc' ? '>' : '<';
  const time = momentOf(after.timestamp, values);
  const block = blockLiteral(after.block);
  const row = values.bind('UInt32', after.row);
  return `(timestamp ${sign} ${time} OR (timestamp = ${time} AND (block ${sign} ${block} OR (block = ${block} AND row ${sign} ${row}))))`;
}

/** The position of a piece's last event. */
export function lastPosition({ lines }: Pick<ScanPiece, 'lines'>): EventPosition {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  const start = bytes.lastIndexOf(0x0a, -2) + 1;
  const text = bytes.toString('utf8', bytes[start] === CARE ? start + 1 : start);
  const event = JSON.parse(text) as { readonly event_id: string; readonly timestamp: string };
  const place = parseEventId(event.event_id);
  const timestamp = parseTime(event.timestamp);
  if (!place || timestamp === undefined)
    throw new Error(`A scan made a line without a place: ${event.event_id}`);
  return { timestamp, ...place };
}

/** The position that a key stands for. */
export function positionOfKey(key: string): EventPosition {
  const place = parseEventId(`${key.slice(20, 52)}-${Number(key.slice(52, KEY_LENGTH))}`);
  if (!place) throw new Error(`A scan made a key that is none: ${key}`);
  return { timestamp: BigInt(key.slice(0, 20)), ...place };
}
