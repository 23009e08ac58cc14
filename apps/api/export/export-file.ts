import { formatTimestamp } from '#event-model';
import type { EventSelection } from '#plugin-kit';
import type { Compression, ExportFormat } from './export-request.schema.js';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};
const COMPRESSED: Readonly<Record<Compression, { readonly suffix: string; readonly type?: string }>> = {
  none: { suffix: '' },
  gzip: { suffix: '.gz', type: 'application/gzip' },
  zstd: { suffix: '.zst', type: 'application/zstd' },
};

/**
 * Headers of an exported file: always a download, never shown, and never compressed on the way (`no-transform`), so that
 * what a client has is what the file is. The range is named in fixed times, for a download that must go on.
 */
export function fileHeaders(
  format: ExportFormat,
  compression: Compression,
  selection: Pick<EventSelection, 'from' | 'to'>,
): Record<string, string> {
  const { suffix, type = TYPES[format] } = COMPRESSED[format === 'parquet' ? 'none' : compression];
  const name = `logs-${fileTime(selection.from)}-${fileTime(selection.to)}.${format}${suffix}`;
  return {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store, no-transform',
    'alluvium-start-time': formatTimestamp(selection.from),
    'alluvium-end-time': formatTimestamp(selection.to),
  };
}

/** `20261121T120030Z`: made of digits alone, whatever the request said. */
function fileTime(ns: bigint): string {
  return `${formatTimestamp(ns)
    .slice(0, 19)
    .replaceAll(/[^0-9T]/g, '')}Z`;
}
