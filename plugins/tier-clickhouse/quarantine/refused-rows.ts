import { parseBlockId, type BlockId, type EventPlace } from '#event-model';
import type { QuarantineFilter, RefusedLine, RefusedPlace, StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { quoteText, tableNames } from '../schema/names.js';
import { BoundValues } from '../search/bound-values.js';
import { rowsOrNone } from '../search/rows-or-none.js';
import { GENTLE } from './count-refused.js';
import { blockLiteral } from '../write/present.js';
import { placedAt, renderRefusedWhere } from './refused-where.js';

interface PlaceRow {
  readonly b: string;
  readonly row: number;
  readonly stream: string;
  readonly bytes: string;
}
interface LineRow {
  readonly b: string;
  readonly row: number;
  readonly source: string;
  readonly at: string;
  readonly reason: string;
  readonly parser: string;
  readonly text: string;
}

const PLACE = 'lower(hex(block)) AS b, row';

/** Places of what is refused, in the order of the table. */
export async function refusedPlaces(
  engine: Engine,
  filter: QuarantineFilter,
  page: { readonly limit: number; readonly after?: EventPlace },
): Promise<readonly RefusedPlace[]> {
  const values = new BoundValues();
  const where = renderRefusedWhere(filter, values) + behind(page.after);
  const { quarantine } = tableNames(filter.tenant, '');
  const statement = `SELECT ${PLACE}, stream, length(raw) AS bytes FROM ${quarantine} WHERE ${where} ORDER BY block, row LIMIT ${Math.trunc(page.limit)} SETTINGS ${GENTLE}`;
  const options = { lane: 'read' as const, parameters: values.parameters };
  const rows = await rowsOrNone<PlaceRow>(engine.run(statement, options));
  return rows.flatMap(({ b, row, stream, bytes }) =>
    placed(b, (block) => ({ block, row, stream, bytes: Number(bytes) })),
  );
}

/** Refused rows with their bytes; read on the lane of writes, whose writer asks. */
export async function refusedLines(
  engine: Engine,
  stream: StreamSpec,
  places: readonly EventPlace[],
): Promise<readonly RefusedLine[]> {
  if (places.length === 0) return [];
  const { quarantine } = tableNames(stream.tenant, stream.name);
  const statement = `SELECT ${PLACE}, toUnixTimestamp64Nano(received_at) AS at, source, reason, parser, base64Encode(raw) AS text FROM ${quarantine} WHERE ${refusedAt(stream, places)} ORDER BY block, row`;
  const rows = await rowsOrNone<LineRow>(engine.run(statement, { lane: 'write' }));
  return rows.flatMap(({ b, row, source, at, reason, parser, text }) =>
    placed(b, (block) => ({
      ...{ block, row, source, reason, parser },
      receivedAt: BigInt(at),
      raw: Buffer.from(text, 'base64'),
    })),
  );
}

/** The condition that a row of the quarantine is one of the stream's places. */
export function refusedAt({ name }: StreamSpec, places: readonly EventPlace[]): string {
  return `stream = ${quoteText(name)} AND ${placedAt(places)}`;
}

function behind(after: EventPlace | undefined): string {
  return after
    ? ` AND (block, row) > (toFixedString(${blockLiteral(after.block)}, 16), ${Math.trunc(after.row)})`
    : '';
}

function placed<T>(id: string, make: (block: BlockId) => T): T[] {
  const block = parseBlockId(id);
  return block ? [make(block)] : [];
}
