import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { DiskGuard } from '#observability';
import { NoSpaceError, type EventSelection, type ScanPiece, type ScanQuery } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { ArchiveSpanningTiers } from '../search/archive-spanning-tiers.js';
import { SelectionReader } from '../search/selection-reader.js';
import { compressedBody } from './compressed-body.js';
import { columnsOf } from './export-columns.js';
import { readCursor } from './export-cursor.js';
import { fileHeaders } from './export-file.js';
import type { ExportRequest } from './export-request.schema.js';
import { ExportSlots } from './export-slots.js';
import { csvBody, jsonBody, ndjsonBody } from './text-bodies.js';
import { begun } from './watched-body.js';

/** A file to be sent. */
export interface ExportedFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives back what the export holds, whether its body was read or not. Idempotent. */
  close(): void;
}

type Bytes = AsyncIterable<Uint8Array>;

/** Makes files of all events that a request selects. */
@Injectable()
export class ExportService {
  constructor(
    @Inject(ArchiveSpanningTiers) private readonly tiers: ArchiveSpanningTiers,
    @Inject(SelectionReader) private readonly selections: SelectionReader,
    @Inject(ExportSlots) private readonly slots: ExportSlots,
    @Inject(DiskGuard) private readonly disk: DiskGuard,
  ) {}

  /**
   * Begins an export; resolves when its first bytes are there, so that what fails before them is a proper answer.
   *
   * @throws Problem; TierError where the engine can't answer.
   */
  async export(caller: Principal, request: ExportRequest, signal: AbortSignal): Promise<ExportedFile> {
    const after = readCursor(request);
    refuseParquetSort(request);
    const selection = await this.selections.read(caller, request);
    const release = this.slots.take(caller.keyId);
    try {
      const order = request.sort ?? ('asc' as const);
      const file =
        request.format === 'parquet'
          ? await this.#parquet(request, selection, signal)
          : await this.#text(request, { ...selection, order, ...(after && { after }) }, signal);
      const headers = {
        ...fileHeaders(request.format, request.compression ?? 'none', selection),
        ...file.headers,
      };
      return { ...file, headers, close: () => (file.close(), release()) };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Headers of the same export, without making it. */
  async describe(caller: Principal, request: ExportRequest): Promise<Readonly<Record<string, string>>> {
    readCursor(request);
    refuseParquetSort(request);
    const selection = await this.selections.read(caller, request);
    return fileHeaders(request.format, request.compression ?? 'none', selection);
  }

  /** Ends with the signal: nothing else is held. */
  async #text(request: ExportRequest, query: ScanQuery, signal: AbortSignal): Promise<ExportedFile> {
    const pieces = await begun(this.tiers.scan(query, signal));
    return { headers: {}, body: textBody(request, query, pieces), close: () => undefined };
  }

  async #parquet(
    request: ExportRequest,
    selection: EventSelection,
    signal: AbortSignal,
  ): Promise<ExportedFile> {
    const { freeBytes, reserveBytes } = await this.disk.state();
    const { compression = 'zstd', fields } = request;
    const query = {
      ...selection,
      compression,
      spaceBytes: freeBytes - reserveBytes,
      ...(fields && { fields }),
    };
    try {
      const file = await this.tiers.exportParquet(query, signal);
      const headers = { 'content-length': String(file.bytes) };
      return { headers, body: file.read(), close: () => void file.discard() };
    } catch (error) {
      throw error instanceof NoSpaceError
        ? new Problem('export_no_space', error.message, { cause: error })
        : error;
    }
  }
}

function textBody(
  request: ExportRequest,
  selection: EventSelection,
  pieces: AsyncIterable<ScanPiece>,
): Bytes {
  const { format, fields, csv_safe: safe, cursor, compression = 'none' } = request;
  if (format === 'json') return compressedBody(jsonBody(pieces, fields), compression);
  if (format !== 'csv') return compressedBody(ndjsonBody(pieces, fields), compression);
  const form = { columns: fields ?? columnsOf(selection.streams), named: fields !== undefined, safe };
  return compressedBody(csvBody(pieces, { ...form, header: cursor === undefined }), compression);
}

function refuseParquetSort({ format, sort }: ExportRequest): void {
  if (format !== 'parquet' || sort === undefined) return;
  throw new Problem('invalid_request', 'A Parquet file has no order of its rows.', {
    errors: [
      {
        path: 'sort',
        message: 'is not taken with parquet',
        mend: 'Leave it out, and sort where the file is read.',
      },
    ],
  });
}
