import type { RowFormat } from './row-reader.js';

/**
 * The cursor behind a row: `<timestamp>,<event_id>`.
 *
 * @param header first row of a CSV
 * @returns undefined where the row has not both fields
 */
export function cursorOf(format: RowFormat, row: string, header: string): string | undefined {
  const { timestamp, event_id: id } = format === 'ndjson' ? fieldsOfJson(row) : fieldsOfCsv(row, header);
  return typeof timestamp === 'string' && typeof id === 'string' ? `${timestamp},${id}` : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOfJson(row: string): Fields {
  return JSON.parse(row) as Fields;
}

function fieldsOfCsv(row: string, header: string): Fields {
  const values = cellsOf(row);
  return Object.fromEntries(cellsOf(header).map((name, at) => [name, values[at]]));
}

/** The cells of one row of RFC 4180. */
export function cellsOf(row: string): readonly string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );
}
