import { existsSync } from 'node:fs';
import { UsageError } from '../../cli-error.js';
import { ApiClient } from '../../client/api-client.js';
import { selectionQuery, type SelectionOptions } from '../../client/selection-options.js';
import { requireServerPlace, type ServerOptions } from '../../client/server-place.js';
import { showBytes, showCounted, showDuration } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { Progress } from '../../output/progress.js';
import { writeOut } from '../../output/write-out.js';
import { download, hasEvents } from './download.js';
import { ExportFile, type ExportState } from './export-file.js';
import { RowReader, type RowFormat } from './row-reader.js';

/** What the options of the command hold. */
export interface ExportOptions extends ServerOptions, SelectionOptions {
  readonly format: 'ndjson' | 'json' | 'csv' | 'parquet';
  readonly compression?: 'none' | 'gzip' | 'zstd';
  readonly sort?: 'asc' | 'desc';
  readonly fields?: string;
  /** False where `--no-csv-safe` was given. */
  readonly csvSafe: boolean;
  readonly output?: string;
  readonly force?: true;
  readonly restart?: true;
  readonly quiet?: true;
  /** Seconds. */
  readonly retryFor: number;
}

/** Where an export is written, and how far it is. */
interface Output {
  readonly file: ExportFile | undefined;
  readonly state: ExportState | undefined;
  readonly reader: RowReader | undefined;
  readonly format: RowFormat;
}

/** Exports to a file or to standard output. @throws CliError */
export async function exportEvents(words: readonly string[], options: ExportOptions): Promise<void> {
  const query = exportQuery(words, options);
  const place = requireServerPlace(options);
  const output = openOutput(options, query);
  const counts = { bytes: output.reader?.bytes ?? 0, began: Date.now() };
  const progress = new Progress({
    render: () => render(options, output, counts),
    quiet: options.quiet === true,
  });
  const note = (text: string): void => void (options.quiet ?? progress.note(printable(text)));
  const api = new ApiClient(place, { onRetry: note });
  if (output.state)
    note(
      `Going on with the export of ${output.state.startTime} to ${output.state.endTime}; --restart begins anew.`,
    );
  try {
    const { file, state, reader, format } = output;
    await download({
      ...{ api, query, state, note, patienceMs: options.retryFor * 1_000 },
      rows: reader && { reader, format },
      onState: (fixed) => reader && file?.keepState(fixed),
      write: (bytes) => {
        counts.bytes += bytes.length;
        return file ? file.write(bytes) : writeOut(bytes);
      },
    });
    file?.finish();
    progress.end();
    note(render(options, output, counts));
  } finally {
    progress.end();
    output.file?.close();
    api.close();
  }
}

function exportQuery(words: readonly string[], options: ExportOptions): URLSearchParams {
  const query = selectionQuery(words, options);
  const { format, compression, sort, fields, csvSafe } = options;
  query.set('format', format);
  if (compression !== undefined) query.set('compression', compression);
  if (sort !== undefined) query.set('sort', sort);
  if (fields !== undefined) query.set('fields', fields);
  if (!csvSafe) query.set('csv_safe', 'false');
  return query;
}

/** Rows are told apart where that lets a broken export go on. */
function rowFormatOf({ format, compression = 'none', fields }: ExportOptions): RowFormat | undefined {
  if ((format !== 'ndjson' && format !== 'csv') || compression !== 'none') return undefined;
  const names = fields?.split(',') ?? ['timestamp', 'event_id'];
  return names.includes('timestamp') && names.includes('event_id') ? format : undefined;
}

function openOutput(options: ExportOptions, query: URLSearchParams): Output {
  const { output, force, restart } = options;
  const format = rowFormatOf(options);
  const fresh = { state: undefined, reader: format && new RowReader(format), format: format ?? 'ndjson' };
  if (output === undefined || output === '-') return { ...fresh, file: refuseScreen(options) };
  if (existsSync(output) && !force)
    throw new UsageError(
      `${output} is there already.`,
      'Choose another name, or write over it with --force.',
    );
  const file = new ExportFile(output);
  const state = format && !restart ? file.readState(query.toString()) : undefined;
  if (format && state) {
    const reader = file.resume(format);
    if (hasEvents({ reader, format })) return { file, state, reader, format };
    file.close();
  }
  file.begin();
  return { ...fresh, file };
}

function refuseScreen({ format, compression = 'none' }: ExportOptions): undefined {
  if (process.stdout.isTTY && (format === 'parquet' || compression !== 'none'))
    throw new UsageError(
      'A terminal can not show this form.',
      'Name a file by -o, or send the output into one.',
    );
  return undefined;
}

function render(
  { output, format }: ExportOptions,
  { reader }: Output,
  { bytes, began }: { readonly bytes: number; readonly began: number },
): string {
  const ms = Math.max(1, Date.now() - began);
  const events = reader && showCounted(Math.max(0, reader.rows - (format === 'csv' ? 1 : 0)), 'event');
  const parts = [events, showBytes(bytes), `${showBytes((bytes * 1_000) / ms)}/s`, showDuration(ms)];
  return `${printable(output ?? 'export')}  ${parts.filter((part) => part !== undefined).join('  ')}`;
}
