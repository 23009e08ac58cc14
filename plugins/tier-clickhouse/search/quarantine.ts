import { formatEventId, parseBlockId } from '#event-model';
import type { QuarantinedEvent, QuarantinePage, QuarantineQuery } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';
import { blockLiteral } from '../write/present.js';
import { BoundValues } from './bound-values.js';
import { renderRefusedWhere } from '../quarantine/refused-where.js';
import { momentOf } from './range-sql.js';
import { rowsOrNone } from './rows-or-none.js';

interface QuarantineRow {
  readonly b: string;
  readonly row: number;
  readonly stream: string;
  readonly source: string;
  readonly reason: string;
  readonly parser: string;
  readonly at: string;
  readonly utf8: number;
  readonly text: string;
}

const COLUMNS =
  'lower(hex(block)) AS b, row, stream, source, reason, parser, toString(received_at) AS at, isValidUTF8(raw) AS utf8, if(utf8, raw, base64Encode(raw)) AS text';
/** Seconds, threads, and a nice value: as for searches. */
const SETTINGS = 'max_execution_time = 30, max_threads = 2, readonly = 1, os_threads_nice_value_query = 10';

/** The tenant's refused lines, newest first, with the number of all that match. */
export async function searchQuarantine(engine: Engine, query: QuarantineQuery): Promise<QuarantinePage> {
  const values = new BoundValues();
  const where = renderRefusedWhere(query, values);
  const after = renderAfter(query, values);
  const { quarantine } = tableNames(query.tenant, '');
  const options = { lane: 'read' as const, parameters: values.parameters };
  const list = `SELECT ${COLUMNS} FROM ${quarantine} WHERE ${where}${after} ORDER BY received_at DESC, block DESC, row LIMIT ${Math.trunc(query.limit) + 1} SETTINGS ${SETTINGS}`;
  const count = `SELECT count() AS n FROM ${quarantine} WHERE ${where} SETTINGS ${SETTINGS}`;
  const [rows, counted] = await Promise.all([
    rowsOrNone<QuarantineRow>(engine.run(list, options)),
    rowsOrNone<{ n: string }>(engine.run(count, options)),
  ]);
  return {
    events: rows.slice(0, query.limit).map(toQuarantined),
    more: rows.length > query.limit,
    total: Number(counted[0]?.n ?? 0),
  };
}

function renderAfter({ after }: QuarantineQuery, values: BoundValues): string {
  if (!after) return '';
  const [time, block] = [momentOf(after.timestamp, values), blockLiteral(after.block)];
  const row = values.bind('UInt32', after.row);
  return ` AND received_at <= ${time} AND (received_at < ${time} OR block < ${block} OR (block = ${block} AND row > ${row}))`;
}

function toQuarantined(row: QuarantineRow): QuarantinedEvent {
  const block = parseBlockId(row.b);
  return {
    event_id: block ? formatEventId(block, row.row) : row.b,
    stream: row.stream,
    source: row.source,
    reason: row.reason,
    ...(row.parser !== '' && { parser: row.parser }),
    received_at: `${row.at.replace(' ', 'T')}Z`,
    ...(row.utf8 ? { raw: row.text } : { raw_base64: row.text }),
  };
}
