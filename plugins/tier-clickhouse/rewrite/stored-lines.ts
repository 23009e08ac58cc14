import { parseBlockId, parseTime, PEER_FIELD, type BlockId } from '#event-model';
import type { StoredLine, StreamPart, StreamSpec, TimeSpan } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';
import { sentLine } from '../search/sent-line.js';
import { eventColumns, type EventRow } from '../search/stored-event.js';
import { inPartition, ofBlocks, partitionId } from './part.js';
import { formOf, parserOf } from './stored-form.js';
import { inSpan } from './stored-parts.js';

/** Events of some blocks as they can be read again. */
export async function storedLines(
  engine: Engine,
  part: StreamPart,
  ...[blocks, span]: [blocks: readonly BlockId[], span: TimeSpan]
): Promise<readonly StoredLine[]> {
  if (blocks.length === 0) return [];
  const { stream } = part;
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const where = `${inPartition(partitionId(part))} AND ${ofBlocks(blocks)} AND ${inSpan(span)}`;
  const statement = `SELECT ${eventColumns(stream)} FROM ${table} WHERE ${where} ORDER BY block, row SETTINGS max_threads = 1, os_threads_nice_value_query = 10`;
  const rows = (await engine.run(statement, { lane: 'read' })).rows<EventRow>();
  return rows.flatMap((row) => toLine(stream, row));
}

function toLine(stream: StreamSpec, row: EventRow): StoredLine[] {
  const block = parseBlockId(row._block);
  const receivedAt = parseTime(`${String(row['_received_at']).replace(' ', 'T')}Z`);
  if (!block || receivedAt === undefined) return [];
  return [
    {
      ...{ block, row: row.row, source: String(row['source']), receivedAt },
      form: formOf(row),
      parser: parserOf(stream.eventType, row),
      ...peerOf(row),
      raw: sentLine(stream, row),
    },
  ];
}

function peerOf({ attributes, ...columns }: EventRow): { readonly peer?: string } {
  const json = attributes[PEER_FIELD];
  const peer: unknown = json === undefined ? columns[PEER_FIELD] : JSON.parse(json);
  return typeof peer === 'string' && peer !== '' ? { peer } : {};
}
