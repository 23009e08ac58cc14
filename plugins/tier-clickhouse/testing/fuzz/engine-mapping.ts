import { writeFile } from 'node:fs/promises';
import type { EventTypeDeclaration, FieldDeclaration } from '#event-model';
import type { FieldValue, MappedEvent } from '#plugin-kit';
import type { Engine } from '../../engine/engine.js';
import { fieldsOf } from '../../schema/columns.js';
import { quoteName } from '../../schema/names.js';
import { renderParse } from '../../schema/parse.js';
import { sealedValues } from '../../schema/sealed-days.js';

/** What the engine makes of a line. */
export type EngineMapping = { readonly reason: string } | { readonly event: MappedEvent };

type Row = Readonly<Record<string, unknown>>;

const IS_HEX = /^hex/;

/** Maps lines by the statement of the parse view, over a file of them; `receivedAt` in nanoseconds. */
export async function mapInEngine(
  engine: Engine,
  eventType: EventTypeDeclaration,
  { lines, path, receivedAt }: { lines: readonly Uint8Array[]; path: string; receivedAt: bigint },
): Promise<EngineMapping[]> {
  await writeFile(path, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
  const identity = `toFixedString('b', 16) AS block, toUInt32(_row_number) AS row, fromUnixTimestamp64Nano(${receivedAt}, 'UTC') AS received_at, 's' AS source`;
  const source = `(SELECT ${identity}, ${sealedValues()}, line, '' AS original FROM file('${path}', LineAsString, 'line String'))`;
  const stream = { tenant: 'default', name: 'default', eventType, keepRaw: 'when_needed' } as const;
  // In levels, as inserts do it: in one the engine needs gigabytes for what it works out late.
  const statement = `SELECT ${wanted(eventType)} FROM (${renderParse(stream, source)}) ORDER BY row SETTINGS query_plan_merge_expressions = 0`;
  const rows = (await engine.run(statement, { lane: 'read' })).rows<Row>();
  return rows.map((row) => toMapping(eventType, row));
}

function wanted(eventType: EventTypeDeclaration): string {
  const fields = fieldsOf(eventType).map(({ name, type }) =>
    IS_HEX.test(type) ? `lower(hex(${quoteName(name)})) AS ${quoteName(`_${name}`)}` : quoteName(name),
  );
  const own = ['toUnixTimestamp64Nano(timestamp) AS _time', 'event_type', 'severity_number', 'id'];
  return ['reason', ...own, 'attributes', ...fields].join(', ');
}

function toMapping(eventType: EventTypeDeclaration, row: Row): EngineMapping {
  if (row['reason'] !== '') return { reason: String(row['reason']) };
  const values = fieldsOf(eventType).map((field) => [field.name, fieldValue(field, row)] as const);
  return {
    event: {
      timestamp: BigInt(row['_time'] as string),
      event_type: String(row['event_type']),
      severity_number: Number(row['severity_number']),
      id: String(row['id']),
      fields: new Map(values.filter((entry): entry is [string, FieldValue] => entry[1] !== undefined)),
      attributes: new Map(Object.entries(row['attributes'] as Record<string, string>)),
    },
  };
}

function fieldValue({ name, type }: FieldDeclaration, row: Row): FieldValue | undefined {
  if (IS_HEX.test(type)) {
    const hex = String(row[`_${name}`]);
    return /^0+$/.test(hex) ? undefined : hex;
  }
  const value = row[name] as string | number | boolean | null;
  if (value === null || value === '') return undefined;
  return type === 'int64' || type === 'uint64' ? BigInt(value) : value;
}
