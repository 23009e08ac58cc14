import { formatEventId, parseBlockId } from '#event-model';
import type { QuarantinedEvent, QuarantinePage, QuarantineQuery } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';
import { blockLiteral } from '../write/present.js';
import { BoundValues } from './bound-values.js';
import { rowsOrNone } from './search.js';

interface QuarantineRow {
  readonly b: string;
  readonly row: number;
  readonly stream: string;
  readonly source: string;
  readonly reason: string;
  readonly at: string;
  readonly utf8: number;
  readonly text: string;
}

/** The tenant's refused lines, newest first, with the number of all that match. */
export async function searchQuarantine(engine: Engine, query: QuarantineQuery): Promise<QuarantinePage> {
  const values = new BoundValues();
  const where = renderWhere(query, values);
  const { quarantine } = tableNames(query.tenant, '');
  const options = { lane: 'read' as const, parameters: values.parameters };
  const columns =
    'lower(hex(block)) AS b, row, stream, source, reason, toString(received_at) AS at, isValidUTF8(raw) AS utf8, if(utf8, raw, base64Encode(raw)) AS text';
  const list = `SELECT ${columns} FROM ${quarantine} WHERE ${where} ORDER BY received_at DESC, block DESC, row LIMIT ${Math.trunc(query.limit)}`;
  const [rows, counted] = await Promise.all([
    rowsOrNone<QuarantineRow>(engine.run(list, options)),
    rowsOrNone<{ n: string }>(engine.run(`SELECT count() AS n FROM ${quarantine} WHERE ${where}`, options)),
  ]);
  return { events: rows.map(toQuarantined), total: Number(counted[0]?.n ?? 0) };
}

function renderWhere(query: QuarantineQuery, values: BoundValues): string {
  const conditions = (['stream', 'source', 'reason'] as const).flatMap((column) => {
    const value = query[column];
    return value === undefined ? [] : [`${column} = ${values.bind('String', value)}`];
  });
  if (query.block) conditions.push(`block = ${blockLiteral(query.block)}`);
  return conditions.length === 0 ? '1' : conditions.join(' AND ');
}

function toQuarantined(row: QuarantineRow): QuarantinedEvent {
  const block = parseBlockId(row.b);
  return {
    event_id: block ? formatEventId(block, row.row) : row.b,
    stream: row.stream,
    source: row.source,
    reason: row.reason,
    received_at: `${row.at.replace(' ', 'T')}Z`,
    ...(row.utf8 ? { raw: row.text } : { raw_base64: row.text }),
  };
}
