import type { ArchiveColumn, ArchivedPart } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { upTo } from '../retention/up-to.js';
import { inPartition, partitionId } from '../rewrite/part.js';
import { quoteName, tableNames } from '../schema/names.js';
import { READ_BYTES, SCAN_NICE } from '../search/scan-settings.js';
import { archiveColumns, renderFileColumns } from './archive-columns.js';

/** Rows and bytes of a row group: what a reader passes over as a whole, and what the writer holds in memory. */
const GROUP_ROWS = 65_536;
const GROUP_BYTES = 64 * 2 ** 20;
/** Bytes that the statement may hold. */
const STATEMENT_BYTES = 1024 * 2 ** 20;

/** How a file of events is written, whatever its events come from. */
export const FILE_OF_EVENTS: readonly string[] = [
  // One order of rows, and so one sequence of bytes.
  'max_threads = 1',
  'max_insert_threads = 1',
  'output_format_parquet_parallel_encoding = 0',
  'max_block_size = 8192',
  'min_insert_block_size_rows = 8192',
  'min_insert_block_size_bytes = 1048576',
  `max_read_buffer_size = ${READ_BYTES}`,
  `max_memory_usage = ${STATEMENT_BYTES}`,
  `os_threads_nice_value_query = ${SCAN_NICE}`,
  "output_format_parquet_compression_method = 'zstd'",
  'output_format_compression_level = 3',
  `output_format_parquet_row_group_size = ${GROUP_ROWS}`,
  `output_format_parquet_row_group_size_bytes = ${GROUP_BYTES}`,
  'output_format_parquet_write_bloom_filter = 0',
];

const SETTINGS = [
  ...FILE_OF_EVENTS,
  // The table's own order, which is read and not made.
  'prefer_column_name_to_alias = 1',
  'optimize_read_in_order = 1',
];

/** Writes a unit as one file, in the order of its table. */
export async function exportUnit(
  engine: Engine,
  part: ArchivedPart,
  ...[path, signal]: [path: string, signal?: AbortSignal | undefined]
): Promise<readonly ArchiveColumn[]> {
  const columns = archiveColumns(part.stream.eventType);
  await engine.saveParquet(renderSelect(part, columns), path, {
    settings: SETTINGS,
    ...(signal && { signal }),
  });
  return columns;
}

function renderSelect(part: ArchivedPart, columns: readonly ArchiveColumn[]): string {
  const { stream: table } = tableNames(part.stream.tenant, part.stream.name);
  const key = [...part.stream.eventType.sortBy, 'timestamp', 'block', 'row'].map(quoteName).join(', ');
  return `SELECT ${renderFileColumns(columns)} FROM ${table} WHERE ${inPartition(partitionId(part))}${upTo(part.through)} ORDER BY ${key}`;
}
