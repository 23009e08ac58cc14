import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NoSpaceError, type ParquetFile, type ParquetQuery } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { quoteText } from '../schema/names.js';
import { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import { parquetColumns, renderColumns } from './parquet-columns.js';
import { sizeOf, UnnamedFile } from './parquet-file.js';
import { READ_BYTES, SCAN_NICE } from './scan-settings.js';
import { writtenStreams } from './written-streams.js';
import { renderPlace } from './event-place.js';

/** Where files are made; on disk, since they may be large. Emptied at start. */
export function exportsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'exports');
}

/** Milliseconds between two looks at how large the file has become. */
const LOOK_MS = 200;
/** Rows and bytes of a row group, which is held in memory until it is written. */
const GROUP_ROWS = 16_384;
const GROUP_BYTES = 16 * 2 ** 20;
/** Bytes that the statement may hold. */
const STATEMENT_BYTES = 512 * 2 ** 20;

/** Makes a Parquet file of a selection. The statement has no limit of time: it ends when its caller leaves. */
export async function exportParquet(
  engine: Engine,
  query: ParquetQuery,
  ...[directory, caller]: [directory: string, caller: AbortSignal | undefined]
): Promise<ParquetFile> {
  if (query.spaceBytes <= 0) throw noSpace();
  await mkdir(directory, { recursive: true });
  const path = join(directory, `${randomUUID()}.parquet`);
  try {
    await write(engine, query, path, caller);
    return await UnnamedFile.take(path);
  } finally {
    await rm(path, { force: true });
  }
}

async function write(
  engine: Engine,
  query: ParquetQuery,
  ...[path, caller]: [path: string, caller: AbortSignal | undefined]
): Promise<void> {
  const full = new AbortController();
  const signal = AbortSignal.any([full.signal, ...(caller ? [caller] : [])]);
  const look = setInterval(() => {
    void sizeOf(path).then((size) => size > query.spaceBytes && full.abort());
  }, LOOK_MS);
  const values = new BoundValues();
  const select = render({ ...query, streams: await writtenStreams(engine, query.streams) }, values);
  try {
    await engine.saveParquet(select, path, {
      parameters: values.parameters,
      signal,
      settings: settingsOf(query),
    });
  } catch (error) {
    throw full.signal.aborted ? noSpace(error) : error;
  } finally {
    clearInterval(look);
  }
}

function render(query: ParquetQuery, values: BoundValues): string {
  const columns = parquetColumns(query.streams, query.fields);
  const selects = query.streams.map((stream) => {
    const place = renderPlace(stream, query, values);
    const where = renderWhere(query, stream, values);
    // The columns' names are those of the table, which the condition must mean.
    return `SELECT ${renderColumns(columns, stream, values)} FROM (SELECT * FROM ${place} WHERE ${where})`;
  });
  const nothing = columns.map(
    ({ name, type }) => `CAST(defaultValueOfTypeName(${quoteText(type)}), ${quoteText(type)}) AS \`${name}\``,
  );
  const rows = selects.length > 0 ? selects.join(' UNION ALL ') : `SELECT ${nothing.join(', ')} WHERE 0`;
  return `SELECT * FROM (${rows})`;
}

function settingsOf(query: ParquetQuery): string[] {
  return [
    'max_threads = 1',
    `max_read_buffer_size = ${READ_BYTES}`,
    'max_insert_threads = 1',
    'max_block_size = 8192',
    'min_insert_block_size_rows = 8192',
    'min_insert_block_size_bytes = 1048576',
    `max_memory_usage = ${STATEMENT_BYTES}`,
    `os_threads_nice_value_query = ${SCAN_NICE}`,
    `output_format_parquet_compression_method = '${query.compression}'`,
    `output_format_parquet_row_group_size = ${GROUP_ROWS}`,
    `output_format_parquet_row_group_size_bytes = ${GROUP_BYTES}`,
    'output_format_parquet_parallel_encoding = 0',
    // They are held in memory, up to 128 MiB of them, and who exports reads the file from end to end.
    'output_format_parquet_write_bloom_filter = 0',
  ];
}

function noSpace(cause?: unknown): NoSpaceError {
  return new NoSpaceError(
    'The Parquet file would take more of the disk than is free above the reserve.',
    cause,
  );
}
