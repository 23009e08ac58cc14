import type { ArchiveColumn, ArchivedPart, UnitFingerprint } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { upTo } from '../retention/up-to.js';
import { inPartition, partitionId } from '../rewrite/part.js';
import { tableNames } from '../schema/names.js';
import { SCAN_NICE } from '../search/scan-settings.js';
import { archiveColumns, renderStructure, renderTableValues } from './archive-columns.js';

const SETTINGS = [
  'max_threads = 1',
  `os_threads_nice_value_query = ${SCAN_NICE}`,
  // A column that isn't there is a fault of the file, not an empty one.
  'input_format_parquet_allow_missing_columns = 0',
].join(', ');

interface SourceRow {
  readonly source: string;
  readonly events: string;
  readonly sum: string;
  readonly xor: string;
  readonly oldest: string;
  readonly newest: string;
}

/** Of the table. */
export async function fingerprintUnit(
  engine: Engine,
  part: ArchivedPart,
  signal?: AbortSignal,
): Promise<UnitFingerprint> {
  const { stream: table } = tableNames(part.stream.tenant, part.stream.name);
  const from = `${table} WHERE ${inPartition(partitionId(part))}${upTo(part.through)}`;
  const values = renderTableValues(archiveColumns(part.stream.eventType), 'table');
  const answer = await engine.run(render(values, from), { lane: 'read', ...(signal && { signal }) });
  return united(answer.rows<SourceRow>());
}

/** Of a file: every column is read. */
export async function fingerprintFile(
  engine: Engine,
  path: string,
  ...[columns, signal]: [columns: readonly ArchiveColumn[], signal?: AbortSignal | undefined]
): Promise<UnitFingerprint> {
  const structure = renderStructure(columns);
  const values = renderTableValues(columns, 'file');
  const ask = (file: string): string => render(values, file);
  const answer = await engine.askParquet(ask, { path, structure, ...(signal && { signal }) });
  return united(answer.rows<SourceRow>());
}

/** A row in binary is what it is, whatever an engine takes for equal: NaN, minus zero, NULL, an empty map. */
function render(values: string, from: string): string {
  const hash = `sipHash64(formatRow('RowBinary', ${values}))`;
  const rows = `SELECT CAST(source, 'String') AS source, toUnixTimestamp64Nano(timestamp) AS time, ${hash} AS hash FROM ${from}`;
  return `SELECT source, count() AS events, sum(hash) AS sum, groupBitXor(hash) AS xor, min(time) AS oldest, max(time) AS newest FROM (${rows}) GROUP BY source ORDER BY source SETTINGS ${SETTINGS}`;
}

function united(rows: readonly SourceRow[]): UnitFingerprint {
  const sum = rows.reduce((all, row) => BigInt.asUintN(64, all + BigInt(row.sum)), 0n);
  const xor = rows.reduce((all, row) => all ^ BigInt(row.xor), 0n);
  const times = rows.flatMap(({ oldest, newest }) => [BigInt(oldest), BigInt(newest)]);
  const [first = 0n] = times;
  return {
    events: rows.reduce((all, { events }) => all + Number(events), 0),
    sum: String(sum),
    xor: String(xor),
    ...(times.length > 0 && {
      oldest: times.reduce((a, b) => (b < a ? b : a), first),
      newest: times.reduce((a, b) => (b > a ? b : a), first),
    }),
    sources: rows.map(({ source, events }) => ({ source, events: Number(events) })),
  };
}
