import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { EnricherDataError } from '#plugin-kit';

/** Bytes of a table, which takes some ten times as many in memory. */
export const MOST_BYTES = 8 * 1024 * 1024;
/** Rows of a table. */
export const MOST_ROWS = 100_000;
const MOST_COLUMNS = 100;
const MOST_ROW_BYTES = 64 * 1024;
/** Bytes that are parsed between two turns of others. */
const CHUNK_BYTES = 64 * 1024;

/** A table as it stands in a file. */
export interface Table {
  readonly header: readonly string[];
  /** Each with as many cells as the header; at most {@link MOST_ROWS}. */
  readonly rows: AsyncIterable<readonly string[]>;
}

/** Error in a table that says what is wrong with the file. */
export function tableError(what: string, mend: string, cause?: unknown): EnricherDataError {
  return new EnricherDataError([{ option: 'file', what, mend }], cause);
}

/**
 * Reads a table (RFC 4180, a byte order mark and blank lines aside), row by row, so that others have their turn.
 *
 * @throws EnricherDataError, also from `rows`: no UTF-8, no header, a row with another number of cells, too many rows
 */
export async function readTable(bytes: Uint8Array, delimiter: string): Promise<Table> {
  if (!isUtf8(bytes)) throw tableError('The table is not in UTF-8.', 'Save it in UTF-8.');
  const parser = Readable.from(chunksOf(bytes)).pipe(
    parse({ bom: true, delimiter, skip_empty_lines: true, max_record_size: MOST_ROW_BYTES }),
  );
  const records = (parser as AsyncIterable<readonly string[]>)[Symbol.asyncIterator]();
  const header = await next(records);
  if (!header) throw tableError('The table is empty.', 'Name its columns in the first line.');
  if (header.length > MOST_COLUMNS)
    throw tableError(
      `The table has ${header.length} columns; ${MOST_COLUMNS} are the most.`,
      'Leave some out.',
    );
  const again = header.find((name, at) => header.indexOf(name) < at);
  if (again !== undefined)
    throw tableError(`Two columns are named ${JSON.stringify(again)}.`, 'Give each a name of its own.');
  return { header, rows: rowsOf(records) };
}

async function* rowsOf(records: AsyncIterator<readonly string[]>): AsyncGenerator<readonly string[]> {
  let count = 0;
  try {
    for (let row = await next(records); row; row = await next(records)) {
      count += 1;
      if (count > MOST_ROWS)
        throw tableError(
          `The table has more than ${MOST_ROWS} rows.`,
          'Leave out rows that no event asks for.',
        );
      yield row;
    }
  } finally {
    await records.return?.();
  }
}

async function next(records: AsyncIterator<readonly string[]>): Promise<readonly string[] | undefined> {
  try {
    const { value, done } = await records.next();
    return done ? undefined : value;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines']);
    const where = Number.isFinite(line) ? ` near line ${line}` : '';
    throw tableError(
      `The table can't be read${where}: ${REASONS[error.code] ?? error.code}.`,
      'Give every row as many cells as the header, with the right delimiter, and double quotes inside of quotes.',
      error,
    );
  }
}

/** In words that hold nothing of the table. */
const REASONS: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'a row has more or fewer cells than the header',
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something stands behind a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside of a cell',
  CSV_MAX_RECORD_SIZE: `a row has more than ${MOST_ROW_BYTES} bytes`,
};

function* chunksOf(bytes: Uint8Array): Generator<Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < buffer.length; from += CHUNK_BYTES)
    yield buffer.subarray(from, from + CHUNK_BYTES);
}
