import type { ArchiveColumn } from '#plugin-kit';
import type { Engine, FileOfEvents } from '../engine/engine.js';
import { quoteName, quoteText } from '../schema/names.js';
import { SCAN_NICE } from '../search/scan-settings.js';
import { renderStructure } from './archive-columns.js';
import { FILE_OF_EVENTS } from './export-unit.js';

/** JSON has no bytes: identities stand in lines as hex digits. */
const BYTES = /^FixedString\(\d+\)$/;

const LINES_SETTINGS = [
  'max_threads = 1',
  'max_insert_threads = 1',
  'max_block_size = 8192',
  `os_threads_nice_value_query = ${SCAN_NICE}`,
  'input_format_parquet_allow_missing_columns = 0',
  'input_format_parquet_preserve_order = 1',
  'output_format_parallel_formatting = 0',
  "date_time_output_format = 'iso'",
  'output_format_json_quote_64bit_integers = 1',
  'output_format_json_quote_denormals = 1',
  'output_format_json_escape_forward_slashes = 0',
  'output_format_json_named_tuples_as_objects = 1',
];

/** What a line lacks, or has besides, is a fault of the file. */
const READING = [
  'input_format_parallel_parsing = 0',
  'input_format_skip_unknown_fields = 0',
  'input_format_null_as_default = 0',
  "date_time_input_format = 'best_effort'",
];

/** Writes the events of a Parquet file as lines, in their order: every column, with the values that it has. */
export async function linesOfFile(
  engine: Engine,
  ...[path, columns, target, signal]: [
    path: string,
    columns: readonly ArchiveColumn[],
    target: string,
    signal?: AbortSignal | undefined,
  ]
): Promise<void> {
  const values = columns.map(({ name, type }) =>
    BYTES.test(type) ? `lower(hex(${quoteName(name)})) AS ${quoteName(name)}` : quoteName(name),
  );
  const from: FileOfEvents = { path, format: 'Parquet', structure: renderStructure(columns) };
  await engine.convertFile((file) => `SELECT ${values.join(', ')} FROM ${file}`, {
    ...{ from: [from], to: { path: target, format: 'JSONEachRow' }, settings: LINES_SETTINGS },
    ...(signal && { signal }),
  });
}

/** Makes of such lines a Parquet file again, as that of a unit is made. */
export async function fileOfLines(
  engine: Engine,
  ...[path, columns, target, signal]: [
    path: string,
    columns: readonly ArchiveColumn[],
    target: string,
    signal?: AbortSignal | undefined,
  ]
): Promise<void> {
  const structure = renderStructure(
    columns.map(({ name, type }) => ({ name, type: BYTES.test(type) ? 'String' : type })),
  );
  const values = columns.map(({ name, type }) =>
    BYTES.test(type)
      ? `CAST(unhex(${quoteName(name)}), ${quoteText(type)}) AS ${quoteName(name)}`
      : quoteName(name),
  );
  await engine.convertFile((file) => `SELECT ${values.join(', ')} FROM ${file}`, {
    from: [{ path, format: 'JSONEachRow', structure }],
    to: { path: target, format: 'Parquet' },
    settings: [...FILE_OF_EVENTS, ...READING],
    ...(signal && { signal }),
  });
}
