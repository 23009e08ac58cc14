import type { EventTypeDeclaration } from '#event-model';
import { TierError, type ArchiveColumn } from '#plugin-kit';
import { columnsOf } from '../schema/columns.js';
import { quoteName, quoteText } from '../schema/names.js';

/** Bytes that are no text, in a column of its own: other readers refuse a file whose text is none. */
export const RAW_BASE64 = 'raw_base64';

/** Every type that a column of a file has or ever had. Never UUID: the engine doesn't find its values in Parquet. */
const TYPES: ReadonlySet<string> = new Set([
  'FixedString(16)',
  'FixedString(8)',
  'UInt8',
  'UInt16',
  'UInt32',
  "DateTime64(9, 'UTC')",
  'String',
  'Map(String, String)',
  'Nullable(Float64)',
  'Nullable(Int64)',
  'Nullable(UInt16)',
  'Nullable(UInt64)',
  'Nullable(Bool)',
]);

/** The columns of a type's files: those of its table, with types that Parquet has, and `raw` apart where it is no text. */
export function archiveColumns(eventType: EventTypeDeclaration): readonly ArchiveColumn[] {
  return columnsOf(eventType).flatMap(({ name, type }) => {
    const column = { name, type: fileType(type) };
    return name === 'raw' ? [column, { name: RAW_BASE64, type: 'String' }] : [column];
  });
}

/** What a column of the table is in a file. */
export function fileType(type: string): string {
  return type.replaceAll('LowCardinality(String)', 'String');
}

/** What is selected of the table for a file. */
export function renderFileColumns(columns: readonly ArchiveColumn[]): string {
  return columns.map((column) => `${fileValue(column)} AS ${quoteName(column.name)}`).join(', ');
}

/** The values of an event, as the table has them, in the order of the columns; of the table, or of a file. */
export function renderTableValues(columns: readonly ArchiveColumn[], of: 'table' | 'file'): string {
  return columns
    .filter(({ name }) => name !== RAW_BASE64)
    .map((column) => (column.name === 'raw' && of === 'file' ? RAW_OF_FILE : cast(column)))
    .join(', ');
}

/** The explicit schema that a file is read with. @throws TierError `config` where a column is none of an archive */
export function renderStructure(columns: readonly ArchiveColumn[]): string {
  for (const { name, type } of columns)
    if (!TYPES.has(type) || name.length > 200)
      throw new TierError(
        'config',
        `An archive has no column ${name.slice(0, 200)} of the type ${type.slice(0, 50)}.`,
      );
  return columns.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ');
}

/** The bytes of an event in a file. */
export const RAW_OF_FILE = `if(${RAW_BASE64} = '', raw, tryBase64Decode(${RAW_BASE64}))`;

function fileValue(column: ArchiveColumn): string {
  if (column.name === 'raw') return "if(isValidUTF8(raw), raw, '')";
  if (column.name === RAW_BASE64) return "if(isValidUTF8(raw), '', base64Encode(raw))";
  return cast(column);
}

function cast({ name, type }: ArchiveColumn): string {
  return `CAST(${quoteName(name)}, ${quoteText(type)})`;
}
